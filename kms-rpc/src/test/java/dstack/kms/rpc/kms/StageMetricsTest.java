package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.authority.Decision;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node counts on the way from a connection to an answer, with curl over TLS. */
final class StageMetricsTest {
  private static final String REQUEST = "{\"api_version\":1}";
  private static final Pattern COUNT =
      Pattern.compile("(?m)^kms_stage_duration_seconds_count\\{stage=\"([a-z]+)\"} (\\d+)$");

  @TempDir private Path folder;
  private TestNode node;

  @BeforeEach
  void start() {
    node = new TestNode(folder);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Map<String, Integer> stages() {
    return COUNT
        .matcher(node.metrics.text())
        .results()
        .collect(
            Collectors.toMap(
                each -> each.group(1),
                each -> Integer.valueOf(each.group(2)),
                (one, _) -> one,
                TreeMap::new));
  }

  private String line(String name) {
    return node.metrics
        .text()
        .lines()
        .filter(each -> each.startsWith(name + " "))
        .findFirst()
        .orElseThrow();
  }

  private long series() {
    return node.metrics.text().lines().filter(line -> !line.startsWith("#")).count();
  }

  @Test
  void showsEveryStageBeforeAnythingHappened() {
    assertThat(stages())
        .containsOnlyKeys(Stream.of(Stage.values()).map(Stage::word).toList())
        .allSatisfy((_, count) -> assertThat(count).isZero());
  }

  @Test
  void countsEachStageOfOneReleaseOnce() {
    assertThat(
            CurlClient.guest(node, folder, TestNode.APP1).call("GetAppKey", REQUEST).has("error"))
        .isFalse();

    assertThat(stages())
        .containsEntry("handshake", 1)
        .containsEntry("decode", 1)
        .containsEntry("verify", 1)
        .containsEntry("authorize", 1)
        .containsEntry("image", 1)
        .containsEntry("audit", 1)
        .containsEntry("derive", 1)
        .containsEntry("encode", 1)
        .containsEntry("sign", 0);
    assertThat(line("kms_releases_total{kind=\"app-key\",platform=\"dstack-tdx\"}")).endsWith(" 1");
    assertThat(line("kms_last_release_timestamp_seconds{kind=\"app-key\"}"))
        .endsWith(" " + TestNode.NOW.getEpochSecond());
  }

  @Test
  void countsNoReleaseAndNoLaterStageWhenTheAuthorityDenies() {
    node.authority.app = new Decision.Denied("not listed");

    CurlClient.guest(node, folder, TestNode.APP1).error("GetAppKey", REQUEST);

    assertThat(stages())
        .containsEntry("authorize", 1)
        .containsEntry("image", 0)
        .containsEntry("audit", 0)
        .containsEntry("derive", 0)
        .containsEntry("encode", 0);
    assertThat(line("kms_releases_total{kind=\"app-key\",platform=\"dstack-tdx\"}")).endsWith(" 0");
    assertThat(line("kms_refusals_total{method=\"GetAppKey\",code=\"boot-denied\"}"))
        .endsWith(" 1");
  }

  @Test
  void countsAFailedDecodingAsThatStageOnly() {
    CurlClient.anonymous(node).error("GetAppEnvEncryptPubKey", "{\"app_id\":\"zz\"}");

    assertThat(stages())
        .containsEntry("decode", 1)
        .containsEntry("derive", 0)
        .containsEntry("encode", 0);
  }

  @Test
  void t44_tenThousandRandomAppIdsOfClientsAddNoSeries() throws IOException {
    CurlClient.anonymous(node).error("GetAppEnvEncryptPubKey", "{\"app_id\":\"00\"}");
    long before = series();
    SecureRandom random = new SecureRandom();
    List<String> urls =
        IntStream.range(0, 10_000).mapToObj(_ -> "url=\"" + url(random) + "\"").toList();

    Path list = Files.write(folder.resolve("urls"), urls);
    Curl.run("-k", "--max-time", "300", "-o", "/dev/null", "-K", list.toString());

    assertThat(series()).isEqualTo(before);
    assertThat(line("kms_refusals_total{method=\"GetAppEnvEncryptPubKey\",code=\"app-id-length\"}"))
        .endsWith(" 10001");
  }

  /** One byte short, which is found out before anything expensive. */
  private String url(SecureRandom random) {
    byte[] id = new byte[19];
    random.nextBytes(id);
    return node.url("/prpc/GetAppEnvEncryptPubKey?app_id=" + HexFormat.of().formatHex(id));
  }
}
