package dstack.kms.sim.snp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.vendor.SigningScheme;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorKey;
import dstack.kms.sim.vendor.VendorRecipe;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a report and the certificates beside it are to say; every part can be made wrong. */
public final class SnpReportRecipe {
  private static final int LENGTH = 1184;
  private static final int SIGNED = 0x2a0;
  private static final int SCALAR = 48;
  private static final int SCALAR_FIELD = 72;
  private static final long POLICY = 0x30000;

  private final SnpAuthority authority;
  private final String documents;
  private final byte[] raw = new byte[LENGTH];
  private SnpChip certifiedChip;
  private SnpTcb certifiedTcb;
  private final VendorKey key;
  private String leafName = "SEV-VCEK";
  private boolean otherSigner;
  private boolean forgedLeaf;
  private Optional<VendorCertificate> foreignRoot = Optional.empty();
  private UnaryOperator<VendorRecipe> askEdit = UnaryOperator.identity();
  private UnaryOperator<VendorRecipe> leafEdit = UnaryOperator.identity();
  private UnaryOperator<List<Bytes>> chainEdit = UnaryOperator.identity();
  private UnaryOperator<Bytes> lastEdit = UnaryOperator.identity();

  /** A version 3 report of that chip: VMPL 0, SMT allowed, no debugging. */
  public SnpReportRecipe(SnpAuthority authority, String documents, SnpChip chip, SnpTcb tcb) {
    this.authority = authority;
    this.documents = documents;
    certifiedChip = chip;
    certifiedTcb = tcb;
    key = authority.key(chip, tcb);
    number(SnpField.VERSION, 3).number(SnpField.POLICY, POLICY);
    number(SnpField.SIGNATURE_ALGORITHM, 1).number(SnpField.PLATFORM_INFO, 0x21);
    set(SnpField.CHIP_ID, chip.id()).set(SnpField.REPORT_ID_MA, Bytes.fromHex("ff".repeat(32)));
    SnpProduct product = chip.product();
    set(SnpField.CPU, Bytes.of(new byte[] {(byte) product.family(), (byte) product.model(), 1}));
    for (SnpField field :
        List.of(
            SnpField.CURRENT_TCB,
            SnpField.REPORTED_TCB,
            SnpField.COMMITTED_TCB,
            SnpField.LAUNCH_TCB)) {
      set(field, tcb.wire(product));
    }
  }

  /** The time by which the report is made. */
  public Instant now() {
    return authority.folder().now();
  }

  /** Puts these bytes at the beginning of the field. */
  public SnpReportRecipe set(SnpField field, Bytes value) {
    Bytes padded = value.paddedTo(field.length());
    System.arraycopy(padded.toArray(), 0, raw, field.offset(), field.length());
    return this;
  }

  /** Puts a little-endian number into the field. */
  public SnpReportRecipe number(SnpField field, long value) {
    ByteBuffer wide = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return set(field, Bytes.of(wide.array(), 0, field.length()));
  }

  /** Puts a TCB into the field. */
  public SnpReportRecipe tcb(SnpField field, SnpTcb value) {
    return set(field, value.wire(certifiedChip.product()));
  }

  /** The field's bytes. */
  public Bytes get(SnpField field) {
    return Bytes.of(raw, field.offset(), field.offset() + field.length());
  }

  /** Certifies the chip's key for another TCB. */
  public SnpReportRecipe certifiedTcb(SnpTcb value) {
    certifiedTcb = value;
    return this;
  }

  /** Certifies the chip's key for another chip. */
  public SnpReportRecipe certifiedChip(SnpChip value) {
    certifiedChip = value;
    return this;
  }

  /** Names the certificate of the chip's key. */
  public SnpReportRecipe leafName(String name) {
    leafName = name;
    return this;
  }

  /** Changes the certificate of the chip's key before it is signed. */
  public SnpReportRecipe editLeaf(UnaryOperator<VendorRecipe> edit) {
    leafEdit = edit;
    return this;
  }

  /** Changes the ASK before it is signed. */
  public SnpReportRecipe editAsk(UnaryOperator<VendorRecipe> edit) {
    askEdit = edit;
    return this;
  }

  /** The certificate of the chip's key names the ASK, which never signed it. */
  public SnpReportRecipe forgedLeaf() {
    forgedLeaf = true;
    return this;
  }

  /** Signs the ASK with another root of the same name. */
  public SnpReportRecipe foreignRoot() {
    VendorCertificate ark = authority.ark();
    VendorKey other = authority.folder().freshKey(ark.key().kind());
    foreignRoot =
        Optional.of(
            authority
                .folder()
                .recipe(
                    ark.certificate().getSubject().toString(),
                    other,
                    java.time.Duration.ofDays(1),
                    java.time.Duration.ofDays(1))
                .authority()
                .signsWith(ark.scheme())
                .selfSigned());
    return this;
  }

  /** Signs the report with a key that nobody certified. */
  public SnpReportRecipe otherSigner() {
    otherSigner = true;
    return this;
  }

  /** Changes the certificates beside the report: ASK and chip's key, each DER. */
  public SnpReportRecipe editChain(UnaryOperator<List<Bytes>> edit) {
    chainEdit = edit;
    return this;
  }

  /** Changes the finished report. */
  public SnpReportRecipe editLast(UnaryOperator<Bytes> edit) {
    lastEdit = edit;
    return this;
  }

  /** The certificates beside the report. */
  public List<Bytes> chain() {
    VendorCertificate ask =
        askEdit
            .apply(authority.askRecipe(documents))
            .signedBy(foreignRoot.orElseGet(authority::ark));
    VendorRecipe recipe =
        leafEdit.apply(authority.vcekRecipe(leafName, key, certifiedChip, certifiedTcb));
    VendorCertificate leaf =
        forgedLeaf
            ? recipe.forged(ask, authority.folder().freshKey(ask.key().kind()))
            : recipe.signedBy(ask);
    return chainEdit.apply(new ArrayList<>(List.of(ask.der(), leaf.der())));
  }

  /** The report: R and S stand little-endian in 72 bytes each. */
  public Bytes make() {
    VendorKey signer = otherSigner ? VendorKey.derived(get(SnpField.CHIP_ID)) : key;
    Bytes signature =
        signer.signFixed(SigningScheme.ECDSA_SHA384, Bytes.of(raw, 0, SIGNED), SCALAR);
    Bytes field =
        Bytes.concat(
            reversed(signature.slice(0, SCALAR)).paddedTo(SCALAR_FIELD),
            reversed(signature.slice(SCALAR, 2 * SCALAR)));
    set(SnpField.SIGNATURE, field);
    return lastEdit.apply(Bytes.of(raw));
  }

  private static Bytes reversed(Bytes bigEndian) {
    byte[] reversed = new byte[bigEndian.length()];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = (byte) bigEndian.at(reversed.length - 1 - i);
    }
    return Bytes.of(reversed);
  }
}
