package dstack.kms.attest.quote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Quotes;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.testkit.Vectors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 11 §1 to §3. */
class UnverifiedQuoteTest {
  private static final Bytes CHAIN = Bytes.utf8("chain");

  private static Bytes real(String name) {
    return Bytes.of(Vectors.bytes("tdx/" + name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tdx_quote_v4_a.bin",
        "tdx_quote_v4_b.bin",
        "tdx_quote_v4_debug.bin",
        "tdx_quote_v4_tappd.bin",
        "tdx_quote_v4_ratls_asset.bin"
      })
  void readsEveryFieldOfVersion4AtItsOffset(String name) {
    Bytes raw = real(name);
    UnverifiedQuote quote = UnverifiedQuote.parse(raw);

    assertThat(quote.raw()).isEqualTo(raw);
    assertThat(quote.header().version()).isEqualTo(4);
    assertThat(quote.header().attestationKeyType()).isEqualTo(2);
    assertThat(quote.header().teeType()).isEqualTo(0x81);
    assertThat(quote.header().qeVendorId().hex()).isEqualTo("939a7233f79c4ca9940a0db3957f0607");
    assertThat(quote.header().userData()).isEqualTo(raw.slice(28, 48));
    assertThat(quote.header().qeId()).isEqualTo(raw.slice(28, 44));
    assertThat(quote.signedPart()).isEqualTo(raw.slice(0, 632));
    assertBody((TdReport) quote.report(), raw, 48);
    QuoteSignatureData data = quote.signatureData();
    assertThat(data.signature().rs()).isEqualTo(raw.slice(636, 700));
    assertThat(data.attestationKey()).isEqualTo(raw.slice(700, 764));
    assertThat(data.qeReport()).isEqualTo(raw.slice(770, 1154));
    assertThat(data.qeReportSignature().rs()).isEqualTo(raw.slice(1154, 1218));
    assertThat(data.qeAuthData()).isEqualTo(raw.slice(1220, 1252));
    assertThat(data.certification().type()).isEqualTo(CertificationData.PCK_CHAIN);
    assertThat(data.certification().data().utf8Text()).startsWith("-----BEGIN CERTIFICATE-----");
  }

  private static void assertBody(TdReport report, Bytes raw, int start) {
    assertThat(report.teeTcbSvn()).isEqualTo(raw.slice(start, start + 16));
    assertThat(report.mrSeam()).isEqualTo(raw.slice(start + 16, start + 64));
    assertThat(report.mrSignerSeam()).isEqualTo(raw.slice(start + 64, start + 112));
    assertThat(report.seamAttributes()).isEqualTo(raw.slice(start + 112, start + 120));
    assertThat(report.tdAttributes()).isEqualTo(raw.slice(start + 120, start + 128));
    assertThat(report.xfam()).isEqualTo(raw.slice(start + 128, start + 136));
    assertThat(report.mrTd()).isEqualTo(raw.slice(start + 136, start + 184));
    assertThat(report.mrConfigId()).isEqualTo(raw.slice(start + 184, start + 232));
    assertThat(report.mrOwner()).isEqualTo(raw.slice(start + 232, start + 280));
    assertThat(report.mrOwnerConfig()).isEqualTo(raw.slice(start + 280, start + 328));
    assertThat(report.rtMrs())
        .containsExactly(
            raw.slice(start + 328, start + 376),
            raw.slice(start + 376, start + 424),
            raw.slice(start + 424, start + 472),
            raw.slice(start + 472, start + 520));
    assertThat(report.reportData()).isEqualTo(raw.slice(start + 520, start + 584));
  }

  @Test
  void readsTheDebugBitOfARealDebugDomain() {
    TdReport report = (TdReport) UnverifiedQuote.parse(real("tdx_quote_v4_debug.bin")).report();

    assertThat(report.tdAttributes().hex()).isEqualTo("0100001000000000");
  }

  @Test
  void readsEveryFieldOfVersion5WithTdx15() {
    Bytes raw = real("tdx_quote_v5_td15_parse.bin");
    UnverifiedQuote quote = UnverifiedQuote.parse(raw);
    TdReport15 report = (TdReport15) quote.report();

    assertThat(quote.header().version()).isEqualTo(5);
    assertThat(quote.signedPart()).isEqualTo(raw.slice(0, 702));
    assertBody(report, raw, 54);
    assertThat(report.teeTcbSvn2()).isEqualTo(raw.slice(638, 654));
    assertThat(report.mrServiceTd()).isEqualTo(raw.slice(654, 702));
    assertThat(quote.signatureData().signature().rs()).isEqualTo(raw.slice(706, 770));
  }

  @Test
  void readsVersion5WithTdx10() {
    Quotes recipe = new Quotes(CHAIN);
    recipe.version = 5;
    UnverifiedQuote quote = UnverifiedQuote.parse(recipe.bytes());

    assertThat(quote.report()).isInstanceOf(TdReport10.class);
    assertThat(quote.signedPart().length()).isEqualTo(638);
  }

  @Test
  void readsEveryFieldOfVersion3() {
    Quotes recipe = new Quotes(CHAIN).sgx();
    for (int i = 0; i < recipe.body.length; i++) {
      recipe.body[i] = (byte) (i * 7);
    }
    Bytes body = Bytes.of(recipe.body);
    UnverifiedQuote quote = UnverifiedQuote.parse(recipe.bytes());
    SgxReport report = (SgxReport) quote.report();

    assertThat(quote.signedPart().length()).isEqualTo(432);
    assertThat(report.cpuSvn()).isEqualTo(body.slice(0, 16));
    assertThat(report.miscSelect())
        .isEqualTo(0x857e7770L); // bytes 16..19: 70 77 7e 85, little-endian
    assertThat(report.attributes()).isEqualTo(body.slice(48, 64));
    assertThat(report.mrEnclave()).isEqualTo(body.slice(64, 96));
    assertThat(report.mrSigner()).isEqualTo(body.slice(128, 160));
    assertThat(report.isvProdId()).isEqualTo(0x0700);
    assertThat(report.isvSvn()).isEqualTo(0x150e);
    assertThat(report.reportData()).isEqualTo(body.slice(320, 384));
    assertThat(quote.signatureData().certification().data()).isEqualTo(CHAIN);
  }

  @Test
  void refusesTheLengthsOfTheVectorsAtEveryTruncation() {
    Bytes raw = real("tdx_quote_v4_a.bin");
    // Everything before the 70 bytes of padding is needed.
    for (int length = 0; length < raw.length() - 70; length++) {
      Bytes truncated = raw.slice(0, length);
      assertThatThrownBy(() -> UnverifiedQuote.parse(truncated))
          .isInstanceOf(RefusalException.class)
          .hasMessage("Not enough data to fill buffer");
    }
    for (int length = raw.length() - 70; length <= raw.length(); length++) {
      assertThat(UnverifiedQuote.parse(raw.slice(0, length)).signedPart())
          .isEqualTo(raw.slice(0, 632));
    }
  }

  @Test
  void refusesTruncatedQuotesOfVersions3And5() {
    Bytes sgx = new Quotes(CHAIN).sgx().bytes();
    Bytes td15 = new Quotes(CHAIN).td15().bytes();
    for (Bytes raw : List.of(sgx, td15)) {
      for (int length = 0; length < raw.length() - 70; length++) {
        Bytes truncated = raw.slice(0, length);
        assertThatThrownBy(() -> UnverifiedQuote.parse(truncated))
            .hasMessage("Not enough data to fill buffer");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // offset of a length of four bytes, what it says, cause
    "632, 00001000, Not enough data to fill buffer",
    "632, 01001000, Data length exceeds maximum",
    "632, ffffffff, Data length exceeds maximum",
    "766, 00001000, Not enough data to fill buffer",
    "766, 01001000, Data length exceeds maximum",
    "766, 00000080, Data length exceeds maximum",
    "1254, 00001000, Not enough data to fill buffer",
    "1254, 01001000, Data length exceeds maximum",
    "1254, ffffffff, Data length exceeds maximum"
  })
  void t11_refusesLengthsAboveOneMebibyteWithoutAllocating(
      int offset, String length, String cause) {
    byte[] raw = Vectors.bytes("tdx/tdx_quote_v4_a.bin");
    System.arraycopy(Bytes.fromHex(length).toArray(), 0, raw, offset, 4);

    assertThatThrownBy(() -> UnverifiedQuote.parse(Bytes.of(raw))).hasMessage(cause);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, Invalid TEE type",
    "0, 6, Unsupported quote version",
    "0, 0, Unsupported quote version",
    "0, 2, Unsupported quote version",
    "1, 1, Unsupported quote version",
    "4, 128, Invalid TEE type",
    "7, 128, Invalid TEE type",
    "764, 5, Unsupported outer certification data type: 5",
    "765, 1, Unsupported outer certification data type: 262"
  })
  void refusesWhatIsNoQuote(int offset, int value, String cause) {
    byte[] raw = Vectors.bytes("tdx/tdx_quote_v4_a.bin");
    raw[offset] = (byte) value;

    assertThatThrownBy(() -> UnverifiedQuote.parse(Bytes.of(raw)))
        .hasMessage(cause)
        .extracting(refusal -> ((RefusalException) refusal).code())
        .satisfies(code -> assertThat(code).isEqualTo(QuoteRefusal.MALFORMED))
        .satisfies(code -> assertThat(code.kind()).isEqualTo(RefusalKind.INVALID));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 648, Unsupported body type",
    "4, 648, Unsupported body type",
    "65535, 648, Unsupported body type",
    "3, 584, Invalid body size",
    "3, 647, Invalid body size",
    "3, 649, Invalid body size",
    "3, 0, Invalid body size",
    "2, 648, Invalid body size",
    "1, 384, Invalid TEE type"
  })
  void refusesBodiesOfVersion5ThatAreNotWhatTheySay(int type, long size, String cause) {
    Quotes recipe = new Quotes(CHAIN).td15();
    recipe.bodyType = type;
    recipe.bodySize = size;

    assertThatThrownBy(() -> UnverifiedQuote.parse(recipe.bytes())).hasMessage(cause);
  }

  @Test
  void readsEnclavesInVersions4And5() {
    Quotes version4 = new Quotes(CHAIN).sgx();
    version4.version = 4;
    Quotes version5 = new Quotes(CHAIN).sgx();
    version5.version = 5;
    version5.bodyType = 1;
    version5.bodySize = 384;

    assertThat(UnverifiedQuote.parse(version4.bytes()).report()).isInstanceOf(SgxReport.class);
    assertThat(UnverifiedQuote.parse(version5.bytes()).report()).isInstanceOf(SgxReport.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 65535})
  void keepsEveryTypeOfCertificationData(int type) {
    Quotes recipe = new Quotes(CHAIN);
    recipe.innerType = type;

    assertThat(UnverifiedQuote.parse(recipe.bytes()).signatureData().certification())
        .isEqualTo(new CertificationData(type, CHAIN));
  }

  @ParameterizedTest
  @CsvSource({"2, 256", "3, 384"})
  void readsEncryptedPpids(int type, int length) {
    Bytes data =
        Bytes.concat(
            Bytes.fromHex("aa".repeat(length)),
            Bytes.fromHex("bb".repeat(16)),
            Bytes.fromHex("0b00"),
            Bytes.fromHex("cdef"));
    EncryptedPpid read = EncryptedPpid.of(new CertificationData(type, data));

    assertThat(read.encryptedPpid().hex()).isEqualTo("aa".repeat(length));
    assertThat(read.cpuSvn().hex()).isEqualTo("bb".repeat(16));
    assertThat(read.pceSvn().hex()).isEqualTo("0b00");
    assertThat(read.pceId().hex()).isEqualTo("cdef");
  }

  @ParameterizedTest
  @CsvSource({"2, 275", "2, 277", "3, 403", "3, 405", "3, 0", "1, 276", "4, 276", "5, 404"})
  void refusesEncryptedPpidsOfAnotherLengthOrType(int type, int length) {
    CertificationData data = new CertificationData(type, Bytes.zeros(length));

    assertThatThrownBy(() -> EncryptedPpid.of(data))
        .isInstanceOf(RefusalException.class)
        .extracting(refusal -> ((RefusalException) refusal).code())
        .isEqualTo(QuoteRefusal.CERTIFICATION_DATA);
  }

  @Test
  void qeReportOfAnotherLengthIsNoReport() {
    assertThatThrownBy(() -> SgxReport.of(Bytes.zeros(383)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SgxReport.of(Bytes.zeros(385)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
