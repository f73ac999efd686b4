package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dstack.kms.client.keys.AppKeysFile;
import dstack.kms.client.testing.Enclave;
import dstack.kms.client.testing.ServerKind;
import dstack.kms.client.testing.TestKms;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.client.testing.VectorApp;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.rpc.tls.TlsDefaults;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left of the keys in everything that is reachable once they were written and closed. The
 * server is in the same process, so it is looked at as well.
 */
@Timeout(120)
final class HeapAfterFetchTest {
  @TempDir private Path folder;

  private Path dump(String name) throws IOException {
    Path file = folder.resolve(name);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
    return file;
  }

  private static boolean contains(Path file, byte[] wanted) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      MappedByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, Files.size(file));
      int last = content.capacity() - wanted.length;
      for (int at = 0; at <= last; at++) {
        int matching = 0;
        while (matching < wanted.length && content.get(at + matching) == wanted[matching]) {
          matching++;
        }
        if (matching == wanted.length) {
          return true;
        }
      }
      return false;
    }
  }

  private static Map<String, byte[]> forms(String name, Bytes key) {
    Map<String, byte[]> forms = new LinkedHashMap<>();
    forms.put(name, key.toArray());
    forms.put(name + " in hexadecimal", key.hex().getBytes(StandardCharsets.US_ASCII));
    forms.put(name + " in UTF-16", key.hex().getBytes(StandardCharsets.UTF_16LE));
    return forms;
  }

  @Test
  void t39_holdsNoKeyInAnyForm() throws IOException {
    TlsDefaults.apply();
    TestPlatform platform = new TestPlatform(folder);
    Path during;
    try (TestKms kms = new TestKms(platform, 0, ServerKind.ORDINARY)) {
      try (Fetched fetched = new Enclave(platform).trustingRoot(kms.rootCa()).fetch(kms.url())) {
        AppKeysFile.write(fetched.keys(), folder.resolve("keys"), new SecureRandom());
        during = dump("during.hprof");
      }
      Path after = dump("after.hprof");
      VectorApp app = new VectorApp();
      for (String pointer :
          new String[] {"/disk/disk_crypt_key", "/env/env_crypt_key", "/k256/k256_key"}) {
        for (Map.Entry<String, byte[]> form : forms(pointer, app.vector(pointer)).entrySet()) {
          assertThat(contains(during, form.getValue())).as("open: " + form.getKey()).isFalse();
          assertThat(contains(after, form.getValue())).as("closed: " + form.getKey()).isFalse();
        }
      }
      // The search finds what is there.
      assertThat(contains(after, kms.url().getBytes(StandardCharsets.US_ASCII))).isTrue();
    }
  }
}
