package dstack.kms.attest.image.archive;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.ByteArrayInputStream;
import java.util.Arrays;

/** Any bytes are read or refused; nothing else is thrown, nothing is written. */
final class ArchiveFuzz {
  private static final ImageManifest MANIFEST = ImageManifest.parse(Images.list(Images.files()));

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyTar(FuzzedDataProvider data) {
    byte[] tar = data.consumeRemainingAsBytes();
    try {
      TarReader reader =
          new TarReader(
              new UnpackedInput(
                  new ByteArrayInputStream(TarBuilder.gzip(tar)), new ArchiveLimits(1 << 20)));
      while (reader.next().isPresent()) {
        reader.readContent((_, _) -> {});
      }
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyHeader(FuzzedDataProvider data) {
    byte[] block = data.consumeBytes(TarHeader.LENGTH);
    try {
      TarHeader header =
          TarHeader.parse(Bytes.of(TarBuilder.withChecksum(Arrays.copyOf(block, 512))));
      EntryPath.parse(header.name(), data.consumeBoolean());
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyPaxHeader(FuzzedDataProvider data) {
    try {
      PaxRecords.parse(Bytes.of(data.consumeRemainingAsBytes()));
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyManifest(FuzzedDataProvider data) {
    try {
      ImageManifest.parse(Bytes.of(data.consumeRemainingAsBytes()));
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyMetadata(FuzzedDataProvider data) {
    try {
      ImageMetadata.parse(Bytes.of(data.consumeRemainingAsBytes()), MANIFEST);
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
