package dstack.kms.sim.quote;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.pki.SimulatedDevice;
import dstack.kms.sim.pki.SimulatedKey;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a quote is to say; right to begin with, and every part can be made wrong. */
public final class QuoteRecipe {
  /** Certification data type: the PCK chain in PEM. */
  public static final int PCK_CHAIN = 5;

  private static final int QE_REPORT_CERTIFICATION_DATA = 6;
  private static final Bytes INTEL_VENDOR_ID = Bytes.fromHex("939a7233f79c4ca9940a0db3957f0607");
  private static final Bytes QE_ID = Digests.sha256(Bytes.utf8("SIMULATED QE id")).slice(0, 16);
  private static final Bytes AUTH_DATA = Digests.sha256(Bytes.utf8("SIMULATED QE auth data"));

  private final QuoteLayout layout;
  private final SimulatedKey attestationKey;
  private Bytes body;
  private int version;
  private int keyType = 2;
  private int teeType;
  private Bytes vendorId = INTEL_VENDOR_ID;
  private SgxReport qeReport;
  private Bytes authData = AUTH_DATA;
  private Optional<Bytes> qeBinding = Optional.empty();
  private SimulatedKey isvSigner;
  private SimulatedKey qeSigner;
  private int certificationType = PCK_CHAIN;
  private Bytes certificationData;
  private UnaryOperator<Bytes> lastEdit = UnaryOperator.identity();

  private QuoteRecipe(
      QuoteLayout layout, Bytes body, SimulatedDevice device, SimulatedKey attestationKey) {
    this.layout = layout;
    this.body = body;
    this.attestationKey = attestationKey;
    version = layout.version();
    teeType = layout.teeType();
    isvSigner = attestationKey;
    qeSigner = device.pck();
    certificationData = device.certificationData();
    TeeKind kind = layout == QuoteLayout.V3_SGX ? TeeKind.SGX : TeeKind.TDX;
    qeReport = SgxReport.ofQuotingEnclave(kind);
  }

  /** A TDX quote of that layout; the report is brought into the layout's form. */
  public static QuoteRecipe tdx(
      QuoteLayout layout, TdReport report, SimulatedDevice device, SimulatedKey attestationKey) {
    TdReport body = layout == QuoteLayout.V5_TD15 ? report.asTd15() : report;
    return new QuoteRecipe(layout, body.bytes(), device, attestationKey);
  }

  /** An SGX quote of version 3. */
  public static QuoteRecipe sgx(
      SgxReport report, SimulatedDevice device, SimulatedKey attestationKey) {
    return new QuoteRecipe(QuoteLayout.V3_SGX, report.bytes(), device, attestationKey);
  }

  /** Changes a field of the TD report before it is signed. */
  public QuoteRecipe tdReport(TdReportField field, Bytes value) {
    body = new TdReport(body).with(field, value).bytes();
    return this;
  }

  /** A field of the TD report as it stands. */
  public Bytes tdReport(TdReportField field) {
    return new TdReport(body).get(field);
  }

  /** Changes the quoting enclave's report before it is signed. */
  public QuoteRecipe qeReport(SgxReportField field, Bytes value) {
    qeReport = qeReport.with(field, value);
    return this;
  }

  /** Changes a number in the quoting enclave's report before it is signed. */
  public QuoteRecipe qeReport(SgxReportField field, int value) {
    qeReport = qeReport.with(field, value);
    return this;
  }

  public QuoteRecipe version(int other) {
    version = other;
    return this;
  }

  public QuoteRecipe keyType(int other) {
    keyType = other;
    return this;
  }

  public QuoteRecipe teeType(int other) {
    teeType = other;
    return this;
  }

  public QuoteRecipe vendorId(Bytes other) {
    vendorId = other;
    return this;
  }

  public QuoteRecipe authData(Bytes other) {
    authData = other;
    return this;
  }

  /** Replaces the 32 bytes by which the quoting enclave vouches for the attestation key. */
  public QuoteRecipe qeBinding(Bytes other) {
    qeBinding = Optional.of(other);
    return this;
  }

  /** Signs the report with another key than the one that the quote carries. */
  public QuoteRecipe isvSigner(SimulatedKey other) {
    isvSigner = other;
    return this;
  }

  /** Signs the quoting enclave's report with another key than the certified one. */
  public QuoteRecipe qeSigner(SimulatedKey other) {
    qeSigner = other;
    return this;
  }

  /** Replaces the certification data by data of that type. */
  public QuoteRecipe certification(int type, Bytes data) {
    certificationType = type;
    certificationData = data;
    return this;
  }

  /** Changes the finished quote. */
  public QuoteRecipe editLast(UnaryOperator<Bytes> edit) {
    lastEdit = edit;
    return this;
  }

  /** Signs the quote. */
  public Bytes make() {
    Bytes signed = Bytes.concat(header(), layout.bodyPrefix(body.length()), body);
    Bytes signature = isvSigner.sign(signed).rs();
    Bytes qe = layout.wrapsQeReport() ? wrapped(qePart()) : qePart();
    Bytes data = Bytes.concat(signature, attestationKey.coordinates(), qe);
    return lastEdit.apply(Bytes.concat(signed, LittleEndian.u32(data.length()), data));
  }

  private Bytes header() {
    return Bytes.concat(
        LittleEndian.u16(version),
        LittleEndian.u16(keyType),
        LittleEndian.u32(teeType),
        Bytes.zeros(4),
        vendorId,
        QE_ID.paddedTo(20));
  }

  private Bytes qePart() {
    Bytes binding =
        qeBinding.orElseGet(() -> Digests.sha256(attestationKey.coordinates(), authData));
    Bytes report = qeReport.with(SgxReportField.REPORT_DATA, binding.paddedTo(64)).bytes();
    return Bytes.concat(
        report,
        qeSigner.sign(report).rs(),
        LittleEndian.u16(authData.length()),
        authData,
        LittleEndian.u16(certificationType),
        LittleEndian.u32(certificationData.length()),
        certificationData);
  }

  private static Bytes wrapped(Bytes content) {
    return Bytes.concat(
        LittleEndian.u16(QE_REPORT_CERTIFICATION_DATA),
        LittleEndian.u32(content.length()),
        content);
  }
}
