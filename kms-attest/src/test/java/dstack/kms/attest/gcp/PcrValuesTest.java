package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registers of a quote and the log that leads to them. */
class PcrValuesTest {
  private static final TpmQuote REAL = GcpData.quote(GcpData.REAL);
  private static final TpmsAttest ATTEST = TpmsAttest.parse(REAL.message());

  @Test
  void takesTheRegistersOfTheRealQuote() {
    PcrValues values = PcrValues.attested(ATTEST, REAL.pcrValues());
    assertThat(values.indices()).containsExactly(0L, 2L, 14L);
    assertThat(values.get(0).orElseThrow().hex())
        .isEqualTo("0cca9ec161b09288802e5a112255d21340ed5b797f5fe29cecccfd8f67b9f802");
    assertThat(values.get(2).orElseThrow().hex())
        .isEqualTo("07884b4eca7bcbbb5c471c9b80f1fedd670369bc9c4966fdf8e8744bc4b5bfc4");
    assertThat(values.get(14).orElseThrow().hex())
        .isEqualTo("4f021d3198f02402e0ad1ab711ad52e18f7c66d1024bdca5bf46ac625670235b");
    assertThat(values.get(1)).isEmpty();
  }

  @Test
  void takesTheRealQuoteOverAllRegistersAndItsLog() {
    TpmQuote rsa = GcpData.rsaQuote();
    PcrValues values = PcrValues.attested(TpmsAttest.parse(rsa.message()), rsa.pcrValues());
    assertThat(values.indices()).hasSize(24);
    PcrEventLog log = PcrEventLog.replayed(values, rsa.eventLog());
    for (long register = 0; register < 10; register++) {
      assertThat(log.digests(register)).as("PCR %d", register).isNotEmpty();
    }
    assertThat(log.digests(14)).isEmpty();
  }

  @Test
  void replaysTheRealLog() {
    PcrEventLog log = realLog(REAL.eventLog());
    assertThat(REAL.eventLog()).hasSize(43);
    assertThat(log.digests(2))
        .extracting(Bytes::hex)
        .containsExactly(
            "df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119",
            "8e36760c0811e7c928b5419deddbc288b577e61ec684866f24614c80009347e2",
            "a413e6491dfbb659f91474cd684427c9c73cccdf9d7a9aad988f5466b0c107df",
            "ee2e84aa7a0ea84bbb404c07dfbbe91b755460aaef31ae3705d51b61c086c895");
    assertThat(log.digests(14)).isEmpty();
  }

  @Test
  void t43_refusesEachBitOfEachRegister() {
    for (int register = 0; register < 3; register++) {
      for (int i = 0; i < 32; i++) {
        Bytes flipped = GcpData.xor(REAL.pcrValues().get(register).value(), i, 1 << i % 8);
        assertRefused(
            GcpRefusal.PCR_DIGEST,
            "PCR digest mismatch",
            replaced(register, value(register, flipped)));
      }
    }
  }

  @Test
  void refusesRegistersThatAreMissingAddedRepeatedOrInAnotherOrder() {
    List<PcrValue> real = REAL.pcrValues();
    assertSelectionMismatch(List.of(), "[]");
    assertSelectionMismatch(real.subList(0, 2), "[0, 2]");
    assertSelectionMismatch(List.of(real.get(2), real.get(0), real.get(1)), "[14, 0, 2]");
    List<PcrValue> repeated = new ArrayList<>(real);
    repeated.add(1, real.getFirst());
    assertSelectionMismatch(repeated, "[0, 0, 2, 14]");
    List<PcrValue> more = new ArrayList<>(real);
    more.add(new PcrValue(15, "sha256", Bytes.zeros(32)));
    assertSelectionMismatch(more, "[0, 2, 14, 15]");
    List<PcrValue> renamed = replaced(0, new PcrValue(4, "sha256", real.getFirst().value()));
    assertSelectionMismatch(renamed, "[4, 2, 14]");
    List<PcrValue> wide = replaced(0, new PcrValue(1L << 32, "sha256", real.getFirst().value()));
    assertSelectionMismatch(wide, "[4294967296, 2, 14]");
  }

  @Test
  void refusesARegisterThatTheTpmSelectedTwice() {
    Bytes message =
        TpmsAttestTest.quoteOf("00000002" + "000b" + "01" + "01" + "000b" + "01" + "01");
    PcrValue zero = new PcrValue(0, "sha256", Bytes.zeros(32));
    assertThatThrownBy(() -> PcrValues.attested(TpmsAttest.parse(message), List.of(zero, zero)))
        .hasMessage("PCR selection mismatch: a register stands twice in [0, 0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0004", "000c", "000d", "0000"})
  void refusesEveryOtherBank(String bank) {
    Bytes message = TpmsAttestTest.quoteOf("00000001" + bank + "01" + "01");
    PcrValue zero = new PcrValue(0, "sha256", Bytes.zeros(32));
    assertThatThrownBy(() -> PcrValues.attested(TpmsAttest.parse(message), List.of(zero)))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(GcpRefusal.PCR_SELECTION))
        .hasMessage(
            "unsupported PCR bank hash_alg 0x" + bank + "; only SHA-256 (0x000b) is supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha1", "sha384", "SHA256", "sha-256", "", "sha256 "})
  void refusesAValueUnderAnotherBanksName(String name) {
    assertRefused(
        GcpRefusal.PCR_VALUE,
        "PCR 0 is not labelled sha256, but the quote attests the sha256 bank",
        replaced(0, new PcrValue(0, name, REAL.pcrValues().getFirst().value())));
  }

  @Test
  void refusesTheRightBytesCutAtOtherPlaces() {
    Bytes first = REAL.pcrValues().get(0).value();
    Bytes second = REAL.pcrValues().get(1).value();
    List<PcrValue> shifted =
        List.of(
            value(0, first.slice(0, 31)),
            value(1, Bytes.concat(first.slice(31, 32), second)),
            REAL.pcrValues().get(2));
    assertThat(
            Digests.sha256(shifted.get(0).value(), shifted.get(1).value(), shifted.get(2).value()))
        .isEqualTo(ATTEST.pcrDigest());
    assertRefused(
        GcpRefusal.PCR_VALUE, "PCR 0 value is 31 bytes, expected 32 for the sha256 bank", shifted);
    assertRefused(
        GcpRefusal.PCR_VALUE,
        "PCR 0 value is 0 bytes, expected 32 for the sha256 bank",
        replaced(0, value(0, Bytes.EMPTY)));
  }

  @Test
  void t43_refusesALogWithAnyQuotedEventFlippedDroppedRepeatedOrSwapped() {
    for (int i = 0; i < REAL.eventLog().size(); i++) {
      TpmEvent event = REAL.eventLog().get(i);
      boolean quoted = event.pcrIndex() == 0 || event.pcrIndex() == 2;
      List<TpmEvent> flipped = new ArrayList<>(REAL.eventLog());
      flipped.set(i, new TpmEvent(event.pcrIndex(), GcpData.xor(event.digest(), i % 32, 0x40)));
      assertReplays(flipped, !quoted);
      List<TpmEvent> dropped = new ArrayList<>(REAL.eventLog());
      dropped.remove(i);
      assertReplays(dropped, !quoted);
      List<TpmEvent> repeated = new ArrayList<>(REAL.eventLog());
      repeated.add(i, event);
      assertReplays(repeated, !quoted);
    }
    assertReplays(REAL.eventLog().reversed(), false);
  }

  @Test
  void refusesAnEventThatMovesToAQuotedRegister() {
    List<TpmEvent> moved = new ArrayList<>(REAL.eventLog());
    TpmEvent other =
        moved.stream().filter(event -> event.pcrIndex() == 4).findFirst().orElseThrow();
    moved.set(moved.indexOf(other), new TpmEvent(14, other.digest()));
    assertThatThrownBy(() -> realLog(moved))
        .hasMessageStartingWith(
            "event log verification failed: PCR 14 replay mismatch: expected"
                + " 4f021d3198f02402e0ad1ab711ad52e18f7c66d1024bdca5bf46ac625670235b, got ");
  }

  @Test
  void refusesDigestsOfOtherLengths() {
    for (int length : new int[] {0, 20, 31, 33, 48, 64}) {
      List<TpmEvent> changed = new ArrayList<>(REAL.eventLog());
      changed.add(new TpmEvent(9, Bytes.zeros(length)));
      assertThatThrownBy(() -> realLog(changed))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(GcpRefusal.PCR_REPLAY))
          .hasMessage(
              "event log verification failed: PCR 9 has an event with a digest of "
                  + length
                  + " bytes");
    }
  }

  @Test
  void hasNoLogOfARegisterWithoutEvents() {
    assertThat(realLog(List.of()).digests(2)).isEmpty();
  }

  private static PcrEventLog realLog(List<TpmEvent> events) {
    return PcrEventLog.replayed(PcrValues.attested(ATTEST, REAL.pcrValues()), events);
  }

  private static void assertReplays(List<TpmEvent> events, boolean accepted) {
    if (accepted) {
      assertThat(realLog(events).digests(2)).hasSize(4);
      return;
    }
    assertThatThrownBy(() -> realLog(events))
        .hasMessageMatching(
            "event log verification failed: PCR [02] replay mismatch: expected [0-9a-f]{64}, got"
                + " [0-9a-f]{64}");
  }

  private static PcrValue value(int register, Bytes value) {
    return new PcrValue(REAL.pcrValues().get(register).index(), "sha256", value);
  }

  private static List<PcrValue> replaced(int register, PcrValue value) {
    List<PcrValue> values = new ArrayList<>(REAL.pcrValues());
    values.set(register, value);
    return values;
  }

  private static void assertSelectionMismatch(List<PcrValue> values, String provided) {
    assertRefused(
        GcpRefusal.PCR_SELECTION,
        "PCR selection mismatch: TPMS_ATTEST has [0, 2, 14], but pcr_values has " + provided,
        values);
  }

  private static void assertRefused(GcpRefusal code, String text, List<PcrValue> values) {
    assertThatThrownBy(() -> PcrValues.attested(ATTEST, values))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(text);
  }
}
