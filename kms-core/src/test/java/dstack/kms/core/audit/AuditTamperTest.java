package dstack.kms.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** T-45: what is done to a log behind its back is found. */
class AuditTamperTest {
  @TempDir Path dir;
  private Path log;
  private AuditHead head;

  @BeforeEach
  void aSmallLog() {
    log = dir.resolve("log");
    try (AuditLog open = TestLog.open(dir, new PosixFileActions(), 2500, "log")) {
      for (int i = 0; i < 4; i++) {
        open.require(TestLog.release(i));
      }
      head = open.head().orElseThrow();
    }
  }

  @Test
  void t45_findsEveryFlippedBit() throws IOException {
    int flips = 0;
    for (Path file : filesAndCheckpoint()) {
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < good.length; i++) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << (i % 8));
        Files.write(file, bad);
        assertBroken(file + " at " + i);
        flips++;
      }
      Files.write(file, good);
    }
    assertThat(flips).isGreaterThan(5000);
    assertThat(TestLog.verify(log).head()).isEqualTo(head);
  }

  @Test
  void t45_findsEveryLineThatIsRemovedDoubledOrSwapped() throws IOException {
    for (Path file : TestLog.files(log)) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        List<String> removed = new ArrayList<>(lines);
        removed.remove(i);
        assertBroken(file, removed);
        List<String> doubled = new ArrayList<>(lines);
        doubled.add(i, lines.get(i));
        assertBroken(file, doubled);
        if (i > 0) {
          List<String> swapped = new ArrayList<>(lines);
          Collections.swap(swapped, i - 1, i);
          assertBroken(file, swapped);
        }
      }
      Files.write(file, lines);
    }
    assertThat(TestLog.verify(log).head()).isEqualTo(head);
  }

  @Test
  void t45_findsEveryFileThatIsMissing() throws IOException {
    for (Path file : TestLog.files(log)) {
      Path away = dir.resolve("away");
      Files.move(file, away);
      assertBroken(file + " is gone");
      Files.move(away, file);
    }
  }

  @Test
  void t45_findsAnEndThatWasCutBelowTheCheckpointOrTheKnownHead() throws IOException {
    Path last = TestLog.files(log).getLast();
    List<String> lines = Files.readAllLines(last);
    Files.write(last, lines.subList(0, lines.size() - 1));
    assertRefused(AuditRefusal.ROLLED_BACK, AuditVerification.ofItself());
    assertOpenRefused(AuditRefusal.ROLLED_BACK);

    Files.delete(log.resolve("audit.head"));
    assertThat(TestLog.verify(log).checkpoint()).isEmpty();
    assertRefused(AuditRefusal.ROLLED_BACK, knowing(head));
    assertOpenRefused(AuditRefusal.CHANGED);
  }

  @Test
  void t45_holdsAgainstAHeadThatWasAnchoredEarlierAndNotAgainstAnother() {
    AuditHead early = headOfLine(2);
    assertThat(knowing(early).verify(log).head()).isEqualTo(head);
    assertRefused(AuditRefusal.CHANGED, knowing(new AuditHead(2, Bytes.fromHex("00".repeat(32)))));
    assertRefused(AuditRefusal.ROLLED_BACK, knowing(new AuditHead(99, head.hash())));
  }

  @Test
  void t45_refusesToOpenALogOfWhichAnyLineWasChanged() throws IOException {
    for (Path file : TestLog.files(log)) {
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[200] ^= 1;
      Files.write(file, bad);
      assertOpenRefused(AuditRefusal.CHANGED);
      assertThat(Files.readAllBytes(file)).isEqualTo(bad);
      Files.write(file, good);
    }
    TestLog.open(dir, "log").close();
  }

  @Test
  void t45_refusesToOpenWhenTheLogIsGoneOrTheKeyIs() throws IOException {
    Path key = dir.resolve("keys/audit.key");
    Path away = dir.resolve("away.key");
    Files.move(key, away);
    assertOpenRefused(AuditRefusal.FOREIGN_KEY);
    try (P256PrivateKey other = P256PrivateKey.generate(new SecureRandom())) {
      var _ = other.pkcs8Pem().expose(raw -> write(key, raw));
    }
    assertOpenRefused(AuditRefusal.FOREIGN_KEY);
    Files.move(away, key, StandardCopyOption.REPLACE_EXISTING);
    Files.move(log, dir.resolve("moved"));
    assertOpenRefused(AuditRefusal.ROLLED_BACK);
  }

  @Test
  void t45_findsALogThatAnotherKeySigned() throws IOException {
    Path other = dir.resolve("other");
    Files.createDirectory(other);
    try (AuditLog forged = TestLog.open(other, new PosixFileActions(), 2500, "log")) {
      forged.require(TestLog.release(1));
    }
    AuditPublicKey own = TestLog.verify(log).key();
    assertThatThrownBy(
            () ->
                new AuditVerification(Optional.of(own), Optional.empty(), OptionalLong.empty())
                    .verify(other.resolve("log")))
        .hasMessageContaining(own.id());
  }

  @Test
  void saysFromWhereALogIsCompleteWhenOldFilesWereMovedAway() throws IOException {
    Path first = TestLog.files(log).getFirst();
    Files.move(first, dir.resolve("archived.jsonl"));
    assertRefused(AuditRefusal.MISSING, AuditVerification.ofItself());
    long from =
        Long.parseLong(
            TestLog.files(log).getFirst().getFileName().toString().replaceAll("[^0-9]", ""));
    AuditVerification honest =
        new AuditVerification(Optional.empty(), Optional.empty(), OptionalLong.of(from));
    assertThat(honest.verify(log).first()).isEqualTo(from);
    assertRefused(
        AuditRefusal.MISSING,
        new AuditVerification(Optional.empty(), Optional.empty(), OptionalLong.of(from + 1)));
    assertRefused(
        AuditRefusal.MISSING,
        new AuditVerification(
            Optional.empty(),
            Optional.of(new AuditHead(from - 1, head.hash())),
            OptionalLong.of(from)));
    try (AuditLog open = TestLog.open(dir, "log")) {
      open.require(TestLog.event("goes on"));
    }
    assertThat(honest.verify(log).head().sequence()).isEqualTo(head.sequence() + 1);
  }

  /** A node that was set back to an old copy signs other lines of the same numbers. */
  @Test
  void t45_findsALineOfAnotherHistoryUnderTheSameKey() throws IOException {
    Path twin = Files.createDirectory(dir.resolve("twin"));
    TestLog.copy(dir.resolve("keys"), twin.resolve("keys"));
    TestLog.copy(log, twin.resolve("log"));
    for (Path root : List.of(dir, twin)) {
      try (AuditLog open = TestLog.open(root, "log")) {
        open.require(TestLog.event("first in " + root.getFileName()));
        open.require(TestLog.event("second in " + root.getFileName()));
      }
    }
    Path mine = TestLog.files(log).getLast();
    List<String> lines = new ArrayList<>(Files.readAllLines(mine));
    lines.set(lines.size() - 1, TestLog.lines(twin.resolve("log")).getLast());
    Files.write(mine, lines);
    Files.copy(
        twin.resolve("log/audit.head"),
        log.resolve("audit.head"),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefused(AuditRefusal.CHANGED, AuditVerification.ofItself());
  }

  /** A second signature of the same line holds in mathematics, and is a change all the same. */
  @Test
  void t45_findsASignatureThatWasTurnedIntoItsTwin() throws IOException {
    Path file = TestLog.files(log).getFirst();
    String text = Files.readString(file);
    String sig = text.substring(text.lastIndexOf("\"sig\":\"") + 7, text.lastIndexOf("\"}"));
    Files.writeString(file, text.replace(sig, twin(sig)));
    assertRefused(AuditRefusal.CHANGED, AuditVerification.ofItself());
  }

  private static String twin(String der) {
    EcdsaSignature one = EcdsaSignature.fromDer(Bytes.fromHex(der)).orElseThrow();
    BigInteger n =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    BigInteger s = n.subtract(new BigInteger(1, one.rs().slice(32, 64).toArray()));
    byte[] raw = s.toByteArray();
    Bytes magnitude = raw[0] == 0 ? Bytes.of(raw, 1, raw.length) : Bytes.of(raw);
    return EcdsaSignature.ofNumbers(one.rs().slice(0, 32), magnitude).orElseThrow().toDer().hex();
  }

  private AuditHead headOfLine(long line) {
    String text = TestLog.lines(log).get(Math.toIntExact(line));
    return new AuditHead(
        line, Bytes.fromHex(JsonMapper.shared().readTree(text).get("hash").stringValue()));
  }

  private static AuditVerification knowing(AuditHead known) {
    return new AuditVerification(Optional.empty(), Optional.of(known), OptionalLong.empty());
  }

  private static int write(Path file, byte[] content) {
    try {
      Files.write(file, content);
      return content.length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> filesAndCheckpoint() throws IOException {
    List<Path> files = new ArrayList<>(TestLog.files(log));
    files.add(log.resolve("audit.head"));
    return files;
  }

  private void assertBroken(Path file, List<String> lines) throws IOException {
    Files.write(
        file,
        String.join("", lines.stream().map(l -> l + "\n").toList())
            .getBytes(StandardCharsets.US_ASCII));
    assertBroken(Arrays.toString(lines.toArray()));
  }

  private void assertBroken(String what) {
    assertThatThrownBy(() -> TestLog.verify(log)).as(what).isInstanceOf(RefusalException.class);
  }

  private void assertRefused(AuditRefusal code, AuditVerification how) {
    assertThatThrownBy(() -> how.verify(log))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private void assertOpenRefused(AuditRefusal code) {
    assertThatThrownBy(() -> TestLog.open(dir, "log"))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
