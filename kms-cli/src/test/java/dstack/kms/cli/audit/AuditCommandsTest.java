package dstack.kms.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditLog;
import dstack.kms.core.audit.AuditRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuditConfig;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditCommandsTest {
  @TempDir Path dir;
  private Path log;
  private String head;

  @BeforeEach
  void aLog() {
    log = dir.resolve("log");
    try (AuditLog open = open()) {
      open.require(AuditEvent.done(AuditKind.BOOTSTRAP, Map.of("domain", "kms.example.org")));
      open.require(
          AuditEvent.refused(
              AuditKind.REPLICATION,
              new RefusalException(AuditRefusal.MISSING, "no\u001b[2J\nsource"),
              Map.of()));
      AuditHead last = open.head().orElseThrow();
      head = last.sequence() + ":" + last.hash().hex();
    }
  }

  private AuditLog open() {
    return AuditLog.open(
        new AuditConfig(true, List.of(log), 1 << 20),
        dir,
        InstantSource.fixed(Instant.parse("2026-06-01T12:00:00Z")),
        new SecureRandom());
  }

  @Test
  void verifiesAnUnchangedLogAndSaysWhatItKnows() {
    Run run = Run.of("audit", "verify", log.toString(), "--head", head);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("unchanged: lines 0 to 2").contains("head: " + head);
    JsonNode json = JsonMapper.shared().readTree(verify("--json").out());
    assertThat(json.get("seq") + ":" + json.get("hash").stringValue()).isEqualTo(head);
    assertThat(json.get("lines").intValue()).isEqualTo(3);
    assertThat(json.get("checkpoint").intValue()).isEqualTo(2);
    assertThat(verify("--key", json.get("key").stringValue()).status()).isZero();
  }

  @Test
  void takesTheKeyAsAFileToo() throws IOException {
    String hex = JsonMapper.shared().readTree(verify("--json").out()).get("key").stringValue();
    byte[] der = HexFormat.of().parseHex(hex);
    Path pem = dir.resolve("audit.pub");
    Files.writeString(pem, PemArmor.encode("PUBLIC KEY", Bytes.of(der)));
    assertThat(verify("--key-file", pem.toString()).status()).isZero();
    assertThat(verify("--key-file", pem.toString(), "--key", hex).status()).isEqualTo(2);
    assertThat(verify("--key-file", log.resolve("audit.head").toString()).status()).isEqualTo(1);
  }

  @Test
  void t45_endsWith1AndNamesTheLineThatWasChanged() throws IOException {
    Path file = log.resolve("audit-000000000000.jsonl");
    Files.writeString(file, Files.readString(file).replace("kms.example.org", "kms.example.net"));
    Run run = verify("--json");
    assertThat(run.status()).isEqualTo(1);
    assertThat(JsonMapper.shared().readTree(run.out()).get("code").stringValue())
        .isEqualTo("audit-changed");
    assertThat(verify().err()).contains("the audit log was changed at line 1");
  }

  @Test
  void t45_findsACutEndByTheHeadThatWasAnchored() throws IOException {
    Path file = log.resolve("audit-000000000000.jsonl");
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, 2));
    Files.delete(log.resolve("audit.head"));
    assertThat(verify().status()).isZero();
    assertThat(verify().out()).contains("checkpoint: none");
    Run run = verify("--head", head);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("rolled back");
  }

  @Test
  void printsWhatMayBeAnchored() {
    assertThat(Run.of("audit", "head", log.toString()).out()).isEqualTo(head + "\n");
    assertThat(Run.of("audit", "head", log.toString(), "--json").out()).contains("\"seq\":2");
  }

  @Test
  void tailsForPeopleWithoutLettingALineSteerTheTerminal() {
    Run run = Run.of("audit", "tail", log.toString(), "-n", "2");
    assertThat(run.status()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "1 2026-06-01T12:00:00.000Z bootstrap allowed domain=kms.example.org",
            "2 2026-06-01T12:00:00.000Z replication refused [audit-missing] no?[2J?source");
    assertThat(Run.of("audit", "tail", log.toString(), "-n", "1", "--json").out())
        .startsWith("{\"v\":1,\"seq\":2,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--head=1", "--head=x:00", "--key=00", "--from=x", "--key-file=/no/such"})
  void refusesWrongUsage(String argument) {
    assertThat(verify(argument).status()).isEqualTo(2);
  }

  @Test
  void refusesADirectoryWithoutALog() {
    for (String verb : List.of("verify", "head", "tail")) {
      assertThat(Run.of("audit", verb, dir.resolve("none").toString()).status()).isEqualTo(1);
    }
  }

  private Run verify(String... more) {
    return Run.of(
        Stream.concat(Stream.of("audit", "verify", log.toString()), Stream.of(more))
            .toArray(String[]::new));
  }
}
