package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.collateral.QuotingEnclave;
import dstack.kms.sim.collateral.SimulatedTcb;
import dstack.kms.sim.collateral.TdxModule;
import dstack.kms.sim.pki.SimulatedPki;
import dstack.kms.sim.quote.QuoteRecipe;
import dstack.kms.sim.quote.SgxReportField;
import dstack.kms.sim.quote.TdReportField;

/** A quote that is not what it should be. */
public enum QuoteFault implements SimulatedFault {
  UNKNOWN_VERSION((quote, pki) -> quote.version(6)),
  SGX_TEE_TYPE((quote, pki) -> quote.teeType(0)),
  P384_KEY_TYPE((quote, pki) -> quote.keyType(3)),
  OTHER_VENDOR((quote, pki) -> quote.vendorId(Bytes.fromHex("aa".repeat(16)))),
  /** The report is signed by a key that the quoting enclave never vouched for. */
  OTHER_ATTESTATION_KEY((quote, pki) -> quote.isvSigner(pki.freshKey())),
  /** What a simulator does that patches the requested report data into a stored quote. */
  REPORT_DATA_PATCHED_AFTER_SIGNING((quote, pki) -> quote.editLast(raw -> flip(raw, 568))),
  RTMR3_PATCHED_AFTER_SIGNING((quote, pki) -> quote.editLast(raw -> flip(raw, 520))),
  /** The quoting enclave's report is signed by a key that is not the certified one. */
  OTHER_PCK_KEY((quote, pki) -> quote.qeSigner(pki.freshKey())),
  ATTESTATION_KEY_NOT_VOUCHED_FOR((quote, pki) -> quote.qeBinding(Bytes.zeros(32))),
  AUTH_DATA_TOO_SHORT((quote, pki) -> quote.authData(Bytes.zeros(31))),
  AUTH_DATA_TOO_LONG((quote, pki) -> quote.authData(Bytes.zeros(33))),
  QE_OF_ANOTHER_SIGNER(
      (quote, pki) -> quote.qeReport(SgxReportField.MR_SIGNER, Bytes.fromHex("ab".repeat(32)))),
  QE_IN_DEBUG_MODE(
      (quote, pki) ->
          quote.qeReport(
              SgxReportField.ATTRIBUTES, Bytes.fromHex("1700000000000000e700000000000000"))),
  QE_OF_ANOTHER_PRODUCT((quote, pki) -> quote.qeReport(SgxReportField.ISV_PROD_ID, 1)),
  QE_WITH_MISC_SELECT(
      (quote, pki) -> quote.qeReport(SgxReportField.MISC_SELECT, Bytes.fromHex("01000000"))),
  QE_WITH_OTHER_ATTRIBUTES(
      (quote, pki) ->
          quote.qeReport(
              SgxReportField.ATTRIBUTES, Bytes.fromHex("3500000000000000e700000000000000"))),
  QE_OUT_OF_DATE((quote, pki) -> quote.qeReport(SgxReportField.ISV_SVN, QuotingEnclave.OLD_SVN)),
  QE_TOO_OLD((quote, pki) -> quote.qeReport(SgxReportField.ISV_SVN, QuotingEnclave.OLD_SVN - 1)),
  BELOW_EVERY_TCB_LEVEL(
      (quote, pki) ->
          quote.tdReport(
              TdReportField.TEE_TCB_SVN,
              SimulatedTcb.teeTcbSvn(TdxModule.CURRENT_SVN, TdxModule.VERSION, 0))),
  TDX_MODULE_OUT_OF_DATE(
      (quote, pki) ->
          quote.tdReport(
              TdReportField.TEE_TCB_SVN,
              SimulatedTcb.teeTcbSvn(TdxModule.OLD_SVN, TdxModule.VERSION, 7))),
  TDX_MODULE_OF_UNKNOWN_VERSION(
      (quote, pki) ->
          quote.tdReport(
              TdReportField.TEE_TCB_SVN, SimulatedTcb.teeTcbSvn(TdxModule.CURRENT_SVN, 9, 7))),
  TDX_MODULE_OF_ANOTHER_SIGNER(
      (quote, pki) ->
          quote.tdReport(TdReportField.MR_SIGNER_SEAM, Bytes.fromHex("01").paddedTo(48))),
  TDX_MODULE_WITH_ATTRIBUTES(
      (quote, pki) ->
          quote.tdReport(TdReportField.SEAM_ATTRIBUTES, Bytes.fromHex("01").paddedTo(8))),
  /** Only in the layout of TD 1.5. */
  SERVICE_TD(
      (quote, pki) ->
          quote.tdReport(TdReportField.MR_SERVICE_TD, Bytes.fromHex("01").paddedTo(48))),
  CERTIFICATION_DATA_OF_UNUSABLE_TYPE((quote, pki) -> quote.certification(1, Bytes.zeros(16))),
  TRUNCATED((quote, pki) -> quote.editLast(raw -> raw.slice(0, raw.length() - 1)));

  /** Changes a quote before or after it is signed. */
  @Immutable
  private interface Edit {
    void apply(QuoteRecipe quote, SimulatedPki pki);
  }

  private final Edit edit;

  QuoteFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the quote says. */
  public void applyTo(QuoteRecipe recipe, SimulatedPki pki) {
    edit.apply(recipe, pki);
  }

  private static Bytes flip(Bytes raw, int offset) {
    byte[] changed = raw.toArray();
    changed[offset] ^= 1;
    return Bytes.of(changed);
  }
}
