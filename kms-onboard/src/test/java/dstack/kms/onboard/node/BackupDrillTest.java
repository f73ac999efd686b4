package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.onboard.backup.SessionRule;
import dstack.kms.onboard.backup.SessionVerifier;
import dstack.kms.onboard.backup.VerifiedSession;
import dstack.kms.onboard.backup.share.HolderIdentity;
import dstack.kms.onboard.backup.share.OpenedShare;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.testing.ClientCertificate;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.HolderKeys;
import dstack.kms.onboard.testing.TestNode;
import dstack.kms.rpc.proto.RestoreBeginResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The drill of docs/how-to/back-up-and-restore.md over real listeners. */
@Timeout(300)
class BackupDrillTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private HolderKeys holders;

  @BeforeEach
  void makeKeys() {
    holders = HolderKeys.in(folder);
  }

  @Test
  void aLostNodeComesBackFromTwoOfThreeHolders() throws Exception {
    Path first = Files.createDirectory(folder.resolve("first"));
    List<ShareFile> files;
    JsonNode identity;
    JsonNode appKeys;
    try (TestNode lost = TestNode.in(first)) {
      try (NodeRunner node = lost.start(withHolders())) {
        NodeState.Ready ready = TestNode.ready(node);
        identity = answer(Curl.run("-k", lost.https("/prpc/GetMeta?json")));
        appKeys = appKeys(lost);
        files = backup(ready);
      }
      delete(lost.certs());
    }
    Path second = Files.createDirectory(folder.resolve("second"));
    try (TestNode fresh = TestNode.in(second);
        NodeRunner node =
            fresh.start(
                Map.of("core.onboard.identity", identity.get("k256_pubkey").stringValue()))) {
      assertThat(sendShare(fresh, files, 2).get("restored").booleanValue()).isFalse();
      assertThat(Curl.run(fresh.http("/finish")).status()).isEqualTo(400);
      JsonNode last = sendShare(fresh, files, 3);
      assertThat(last.get("restored").booleanValue()).isTrue();
      assertThat(last.get("k256_pubkey")).isEqualTo(identity.get("k256_pubkey"));
      assertThat(Curl.run(fresh.http("/finish")).status()).isEqualTo(200);
      TestNode.ready(node);
      JsonNode now = answer(Curl.run("-k", fresh.https("/prpc/GetMeta?json")));
      assertThat(now.get("ca_cert")).isEqualTo(identity.get("ca_cert"));
      assertThat(now.get("k256_pubkey")).isEqualTo(identity.get("k256_pubkey"));
      assertThat(appKeys(fresh)).isEqualTo(appKeys);
    }
  }

  @Test
  void theAdminListenerGivesABackupOnlyToWhoMayUseItAndOnlyByPost() throws Exception {
    try (TestNode bench = TestNode.in(Files.createDirectory(folder.resolve("node")));
        NodeRunner node = bench.start(withHolders())) {
      String url = admin(TestNode.ready(node));
      assertThat(Curl.run("-d", "{}", url).status()).isEqualTo(401);
      assertThat(Curl.run("-H", "Authorization: Bearer x", "-d", "{}", url).status())
          .isEqualTo(401);
      assertThat(Curl.run("-H", "Authorization: Bearer " + TOKEN, url).status()).isEqualTo(400);
    }
  }

  @Test
  void refusesABackupWithoutConfiguredHolders() throws Exception {
    Map<String, String> flags = withHolders();
    flags.remove("core.backup.holders");
    try (TestNode bench = TestNode.in(Files.createDirectory(folder.resolve("node")));
        NodeRunner node = bench.start(flags)) {
      Curl.Reply reply =
          Curl.run("-H", "Authorization: Bearer " + TOKEN, "-d", "{}", admin(TestNode.ready(node)));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("core.backup.holders names no public keys");
    }
  }

  private Map<String, String> withHolders() {
    Map<String, String> flags = new HashMap<>();
    flags.put("core.onboard.auto_bootstrap_domain", "127.0.0.1");
    flags.put("core.backup.holders", holders.flag());
    flags.put("core.backup.threshold", "2");
    flags.put("core.admin.enabled", "true");
    flags.put("core.admin.port", "0");
    flags.put("core.admin.auth_token", TOKEN);
    return flags;
  }

  private static String admin(NodeState.Ready ready) {
    return "http://127.0.0.1:"
        + ready.admin().orElseThrow().getPort()
        + "/prpc/Admin.CreateBackup?json";
  }

  private static List<ShareFile> backup(NodeState.Ready ready) {
    JsonNode backup =
        answer(Curl.run("-H", "Authorization: Bearer " + TOKEN, "-d", "{}", admin(ready)));
    List<ShareFile> files = new ArrayList<>();
    backup
        .get("shares")
        .valueStream()
        .forEach(
            share ->
                files.add(ShareFile.decode(Bytes.fromHex(share.get("content").stringValue()))));
    assertThat(files).hasSize(3);
    return files;
  }

  /** What {@code kms backup restore} does, step by step. */
  private JsonNode sendShare(TestNode node, List<ShareFile> files, int holder) {
    VerifiedSession session = verified(node);
    try (HolderIdentity identity = holders.identity(holder);
        OpenedShare share = identity.open(files.get(holder - 1))) {
      String body =
          "{\"session_id\":\""
              + session.id().hex()
              + "\",\"share\":\""
              + session.sealed(share).encode().hex()
              + "\"}";
      return answer(Curl.run("-d", body, node.http("/prpc/Onboard.RestoreShare?json")));
    }
  }

  private static VerifiedSession verified(TestNode node) {
    JsonNode offered = answer(begin(node, "{}"));
    RestoreBeginResponse session =
        RestoreBeginResponse.newBuilder()
            .setSessionId(bytes(offered, "session_id"))
            .setPublicKey(bytes(offered, "public_key"))
            .setAttestation(bytes(offered, "attestation"))
            .build();
    return new SessionVerifier(
            node.machine().verifier(),
            new SessionRule.Measured(node.machine().bootInfo().mrAggregated()))
        .verify(session);
  }

  private static Curl.Reply begin(TestNode node, String request) {
    return Curl.run("-d", request, node.http("/prpc/Onboard.RestoreBegin?json"));
  }

  private static ByteString bytes(JsonNode message, String name) {
    return ByteString.copyFrom(Bytes.fromHex(message.get(name).stringValue()).toArray());
  }

  private JsonNode appKeys(TestNode node) throws IOException {
    ClientCertificate app = ClientCertificate.attested(folder, node.machine().guest());
    return answer(
        Curl.run(
            "-k",
            "--cert",
            app.certificate().toString(),
            "--key",
            app.key().toString(),
            "-d",
            "{\"api_version\":1}",
            node.https("/prpc/GetAppKey?json")));
  }

  private static JsonNode answer(Curl.Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(reply.body());
  }

  private static void delete(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      files.sorted(Comparator.reverseOrder()).forEach(BackupDrillTest::deleteOne);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
