package dstack.kms.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.process.Distribution.Ended;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kms dev} as a stranger runs it. */
@Timeout(180)
final class DevProcessTest {
  @TempDir private Path folder;

  private Running start() throws Exception {
    return Running.start("kms", Map.of(), "dev", "--dir", folder.toString(), "--port", "0");
  }

  private static String url(List<String> lines, String name) {
    Matcher line = Pattern.compile("(?m)^ +" + name + " +(\\S+)").matcher(String.join("\n", lines));
    assertThat(line.find()).as(name + " in " + lines).isTrue();
    return line.group(1);
  }

  private JsonNode meta(String url) throws Exception {
    String root = folder.resolve("certs/root-ca.crt").toString();
    Curl.Answer answer = Curl.get("--cacert", root, url + "/prpc/GetMeta?json");
    assertThat(answer.status()).as(answer.body()).isZero();
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void checksACompleteServerFromOutside() throws Exception {
    Ended ended = Distribution.kms("dev", "--check", "--dir", folder.toString(), "--port", "0");

    assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out()).contains(" 0 failed").doesNotContain("FAILED");
  }

  @Test
  void printsUrlsThatAnswerAndEndsOnSigterm() throws Exception {
    try (Running dev = start()) {
      List<String> lines = dev.linesUntil("try next:");

      assertThat(meta(url(lines, "main listener")).has("k256_pubkey")).isTrue();
      String operations = url(lines, "operations").replaceAll("/ready$", "");
      Ended status = Distribution.kms("status", operations);
      assertThat(status.out()).as(status.err()).startsWith("ready\n");
      assertThat(status.status()).isZero();

      assertThat(dev.stop()).isZero();
      assertThat(dev.errors()).doesNotContain("Exception").doesNotContain("PRIVATE KEY");
    }
  }

  @Test
  void keepsItsKeysFromOneStartToTheNext() throws Exception {
    String first;
    try (Running dev = start()) {
      first = meta(url(dev.linesUntil("try next:"), "main listener")).get("k256_pubkey").toString();
      assertThat(dev.stop()).isZero();
    }

    try (Running dev = start()) {
      JsonNode again = meta(url(dev.linesUntil("try next:"), "main listener"));
      assertThat(again.get("k256_pubkey").toString()).isEqualTo(first);
    }
  }

  @Test
  void saysInOneSentenceThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      Ended ended = Distribution.kms("dev", "--dir", folder.toString(), "--port", port);

      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.err()).containsPattern("(?m)^kms: .*" + port).doesNotContain("\tat ");
    }
  }

  @Test
  void saysInOneSentenceThatTheFolderIsAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");

    Ended ended = Distribution.kms("dev", "--dir", file.toString(), "--port", "0");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).startsWith("kms: cannot use the folder ").doesNotContain("\tat ");
  }

  @Test
  void answersAPlatformThatIsNotSimulatedWithStatus2() throws Exception {
    Ended ended = Distribution.kms("dev", "--dir", folder.toString(), "--platform", "sgx");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).endsWith("see: kms dev --help\n");
  }
}
