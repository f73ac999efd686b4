package dstack.kms.attest.tpm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.PcrSelection;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.command.GetRandom;
import dstack.kms.attest.tpm.command.Quote;
import dstack.kms.attest.tpm.software.ScriptedTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asking again, flushing, and indexes in chunks, against answers that a test writes. */
class TpmTest {
  private static final TpmHandle KEY = new TpmHandle(0x8000_0000);
  private static final String RETRY = "80010000000a00000922";
  private static final String FAILURE = "80010000000a00000101";
  private static final String DONE = "80010000000a00000000";
  private static final String CREATED =
      "80020000002700000000"
          + "80000000"
          + "00000010"
          + "0000"
          + "0000"
          + "0000"
          + "8021"
          + "4000000b"
          + "0000"
          + "0000"
          + "0000010000";
  private static final String QUOTED =
      "80020000001d00000000" + "0000000a" + "0000" + "0018000b" + "0000" + "0000" + "0000010000";

  private final List<Duration> waits = new ArrayList<>();
  private final RetryRule retry = new RetryRule(4, Duration.ofMillis(10), waits::add);

  @ParameterizedTest
  @ValueSource(strings = {"00000922", "0000090a", "00000908"})
  void sendsTheSameCommandAgainWhenTheTpmWantsIt(String code) {
    String again = "80010000000a" + code;
    ScriptedTpm script = ScriptedTpm.playing(again, again, QUOTED);
    try (Tpm tpm = Tpm.open(script, retry)) {
      tpm.run(quote());
    }
    assertThat(script.codes()).containsExactly(0x158, 0x158, 0x158);
    assertThat(script.commands().getFirst()).isEqualTo(script.commands().getLast());
    assertThat(waits).containsExactly(Duration.ofMillis(10), Duration.ofMillis(20));
    assertThat(script.isClosed()).isTrue();
  }

  @Test
  void givesUpAfterTheLastAttempt() {
    ScriptedTpm script = ScriptedTpm.playing(RETRY, RETRY, RETRY, RETRY);
    Tpm tpm = Tpm.open(script, retry);
    assertRefused(
        () -> tpm.run(quote()), TpmRefusal.BUSY, "TPM2_Quote failed: TPM_RC_RETRY (0x922)");
    assertThat(waits).hasSize(3);
  }

  @Test
  void doesNotAskAgainAfterAFailure() {
    Tpm tpm = Tpm.open(ScriptedTpm.playing(FAILURE), retry);
    assertRefused(
        () -> tpm.run(new GetRandom(1)),
        TpmRefusal.COMMAND_FAILED,
        "TPM2_GetRandom failed: TPM_RC_FAILURE (0x101)");
    assertThat(waits).isEmpty();
  }

  @Test
  void allowsAboutFiveSecondsByDefault() {
    List<Duration> standard = new ArrayList<>();
    RetryRule rule =
        new RetryRule(RetryRule.STANDARD.attempts(), RetryRule.STANDARD.first(), standard::add);
    for (int attempt = 1; attempt < rule.attempts(); attempt++) {
      rule.pauseAfter(attempt);
    }
    assertThat(standard.stream().mapToLong(Duration::toMillis).sum()).isEqualTo(5110);
    assertThatThrownBy(() -> new RetryRule(0, Duration.ZERO, standard::add))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void flushesAKeyWhenTheWorkWithItFails() {
    ScriptedTpm script = ScriptedTpm.playing(CREATED, FAILURE, DONE);
    Tpm tpm = Tpm.open(script, retry);
    assertRefused(
        () -> {
          try (PrimaryKey key = tpm.primaryKey(TpmHandle.ENDORSEMENT, Bytes.EMPTY)) {
            tpm.run(new Quote(key.handle(), Bytes.EMPTY, selection()));
          }
        },
        TpmRefusal.COMMAND_FAILED,
        "TPM2_Quote failed: TPM_RC_FAILURE (0x101)");
    assertThat(script.codes()).containsExactly(0x131, 0x158, 0x165);
    assertThat(script.commands().getLast().hex()).isEqualTo("80010000000e0000016580000000");
  }

  @Test
  void keepsTheResultWhenTheFlushFails() {
    Tpm tpm = Tpm.open(ScriptedTpm.playing(CREATED, QUOTED, FAILURE), retry);
    try (PrimaryKey key = tpm.primaryKey(TpmHandle.ENDORSEMENT, Bytes.EMPTY)) {
      assertThat(tpm.run(new Quote(key.handle(), Bytes.EMPTY, selection())).message())
          .isEqualTo(Bytes.EMPTY);
    }
  }

  @Test
  void readsAnIndexThatIsNotThereAsAbsent() {
    assertThat(index(ScriptedTpm.playing("80010000000a0000018b")).read()).isEmpty();
  }

  @Test
  void readsWithTheOwnPasswordOfTheIndexWhenTheOwnerMayNot() {
    ScriptedTpm script =
        ScriptedTpm.playing(nvPublic("0003"), "80010000000a00000149", nvData("010203"));
    assertThat(index(script).read()).contains(Bytes.fromHex("010203"));
    assertThat(script.commands().get(1).buffer().getInt(10)).isEqualTo(0x4000_0001);
    assertThat(script.commands().get(2).buffer().getInt(10)).isEqualTo(0x01C1_0003);
  }

  @Test
  void readsInChunks() {
    ScriptedTpm script =
        ScriptedTpm.playing(
            nvPublic("0802"), nvData("aa".repeat(1024)), nvData("bb".repeat(1024)), nvData("cccc"));
    assertThat(index(script).read().orElseThrow().hex())
        .isEqualTo("aa".repeat(1024) + "bb".repeat(1024) + "cccc");
    assertThat(script.commands().getLast().hex()).endsWith("00020800");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000", "2001", "ffff"})
  void refusesAnIndexOfImpossibleSize(String size) {
    assertRefused(
        () -> index(ScriptedTpm.playing(nvPublic(size))).read(),
        TpmRefusal.NOT_PROVISIONED,
        "NV index 0x01c10003: holds " + Integer.parseInt(size, 16) + " bytes");
  }

  @Test
  void doesNotTryAnotherPasswordAfterAnotherFailure() {
    assertRefused(
        () -> index(ScriptedTpm.playing(nvPublic("0003"), FAILURE)).read(),
        TpmRefusal.COMMAND_FAILED,
        "NV index 0x01c10003: TPM2_NV_Read failed: TPM_RC_FAILURE (0x101)");
    assertRefused(
        () ->
            index(
                    ScriptedTpm.playing(
                        nvPublic("0003"), "80010000000a00000149", "80010000000a0000098e"))
                .read(),
        TpmRefusal.AUTHORIZATION,
        "NV index 0x01c10003: TPM2_NV_Read failed: TPM_RC_AUTH_FAIL (0x98e, session 1)");
  }

  private NvIndex index(ScriptedTpm script) {
    return new NvIndex(Tpm.open(script, retry), new TpmHandle(0x01C1_0003));
  }

  private static String nvPublic(String size) {
    return "80010000001c00000000" + "000e" + "01c10003000b000200020000" + size + "0000";
  }

  private static String nvData(String hex) {
    int length = hex.length() / 2;
    return "8002%08x00000000%08x%04x%s0000010000"
        .formatted(10 + 4 + 2 + length + 5, 2 + length, length, hex);
  }

  private static Quote quote() {
    return new Quote(KEY, Bytes.EMPTY, selection());
  }

  private static PcrSelection selection() {
    return new PcrSelection(TpmHash.SHA256, List.of(0));
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, TpmRefusal code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(text);
  }
}
