package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.container.TpmQuoteContent;
import dstack.kms.sim.tpm.TpmQuoteRecipe;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;

/** The quote of a Google TPM that is not what it should be; the TDX half is right. */
public enum TpmQuoteFault implements SimulatedFault {
  OTHER_MAGIC(quote -> quote.magic(0xff544346L)),
  OTHER_TYPE(quote -> quote.type(0x8017)),
  OTHER_NONCE(quote -> quote.nonce(Bytes.fromHex("ab".repeat(32)))),
  SHORT_NONCE(quote -> quote.nonce(Bytes.fromHex("ab".repeat(31)))),
  SHA1_BANK(quote -> quote.bank(0x0004)),
  OTHER_SIGNER(TpmQuoteRecipe::otherSigner),
  OTHER_SIGNATURE(
      quote ->
          quote.editLast(made -> made.withSignature(raw -> turnedOver(raw, raw.length() - 1)))),
  MESSAGE_WITH_TRAILING_BYTE(quote -> quote.editMessage(raw -> Bytes.concat(raw, Bytes.zeros(1)))),
  MESSAGE_TRUNCATED(quote -> quote.editMessage(raw -> raw.slice(0, raw.length() - 1))),
  SIGNATURE_WITH_TRAILING_BYTES(
      quote ->
          quote.editLast(
              made -> made.withSignature(raw -> Bytes.concat(raw, Bytes.fromHex("abcd"))))),
  /** The register that the container shows is not the one that was quoted. */
  REGISTER_ALTERED_AFTER_SIGNING(
      quote -> quote.editLast(made -> made.withValues(withOtherValue(made.values())))),
  OTHER_FIRMWARE(quote -> quote.editLog(log -> withOther(log, 0, 0))),
  OTHER_IMAGE(quote -> quote.editLog(log -> withOther(log, 2, 2))),
  EVENT_AFTER_THE_IMAGE(
      quote ->
          quote.editLog(
              log -> {
                log.add(new TpmQuoteContent.Event(2, Bytes.fromHex("ab".repeat(32))));
                return log;
              })),
  /** The log shows another image than the one that was measured. */
  IMAGE_SWAPPED_IN_THE_LOG(
      quote ->
          quote.editLast(
              made -> made.withLog(withOther(new java.util.ArrayList<>(made.log()), 2, 2)))),
  LOG_WITHOUT_REGISTER_2(
      quote ->
          quote.editLast(
              made ->
                  made.withLog(
                      made.log().stream().filter(event -> event.register() != 2).toList()))),
  OTHER_RUNTIME_EVENTS(quote -> quote.register(14, Bytes.fromHex("ab".repeat(32)))),
  WITHOUT_RUNTIME_REGISTER(quote -> quote.withoutRegister(14)),
  WITHOUT_FIRMWARE_REGISTER(quote -> quote.withoutRegister(0)),
  OTHER_MAKER(quote -> quote.editLast(made -> made.withMaker(TpmQuoteContent.Maker.DSTACK))),
  AK_EXPIRED(
      quote ->
          quote.editLeaf(
              leaf ->
                  leaf.validity(
                      quote.now().minus(Duration.ofDays(400)), quote.now().minusSeconds(1)))),
  AK_NOT_YET_VALID(
      quote ->
          quote.editLeaf(
              leaf ->
                  leaf.validity(
                      quote.now().plusSeconds(60), quote.now().plus(Duration.ofDays(400))))),
  AK_IS_A_CA(quote -> quote.editLeaf(leaf -> leaf.authority(0))),
  /** What an endorsement key's certificate says. */
  AK_FOR_ENCIPHERMENT(quote -> quote.editLeaf(leaf -> leaf.keyUsage(KeyUsage.keyEncipherment))),
  AK_FOR_ANOTHER_PURPOSE(quote -> quote.editLeaf(leaf -> leaf.purpose("1.3.6.1.5.5.7.3.2"))),
  AK_FORGED(TpmQuoteRecipe::forgedLeaf),
  AK_OF_A_FOREIGN_ISSUER(TpmQuoteRecipe::foreignIssuer);

  /** Changes a quote before or after it is signed. */
  @Immutable
  private interface Edit {
    void apply(TpmQuoteRecipe quote);
  }

  private final Edit edit;

  TpmQuoteFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the quote says. */
  public void applyTo(TpmQuoteRecipe quote) {
    edit.apply(quote);
  }

  private static List<TpmQuoteContent.Value> withOtherValue(List<TpmQuoteContent.Value> values) {
    return values.stream()
        .map(
            value ->
                value.register() == 14
                    ? new TpmQuoteContent.Value(14, value.algorithm(), turnedOver(value.value(), 0))
                    : value)
        .toList();
  }

  /** Another digest for that event of the register, counted from 0. */
  private static List<TpmQuoteContent.Event> withOther(
      List<TpmQuoteContent.Event> log, int register, int index) {
    int seen = 0;
    for (int i = 0; i < log.size(); i++) {
      TpmQuoteContent.Event event = log.get(i);
      if (event.register() == register && seen++ == index) {
        log.set(i, new TpmQuoteContent.Event(register, turnedOver(event.digest(), 0)));
      }
    }
    return log;
  }

  private static Bytes turnedOver(Bytes raw, int offset) {
    byte[] changed = raw.toArray();
    changed[offset] ^= 1;
    return Bytes.of(changed);
  }
}
