package dstack.kms.attest.snp;

import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.attest.snp.report.TcbVersion;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.der.DerReader;
import dstack.kms.core.der.DerTag;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * Ties a chip's certificate to a report (specification 16 §9.1): AMD wrote into it for which
 * product, chip and components it is. Without this, whoever got one old chip key out of broken
 * firmware could sign reports of any chip and any components.
 */
final class VcekExtensions {
  private static final String BASE = "1.3.6.1.4.1.3704.1.";
  private static final String PRODUCT_NAME = BASE + "2";
  private static final String HARDWARE_ID = BASE + "4";
  private static final String CLOUD_PROVIDER = BASE + "5";
  private static final String FMC = "3.9";
  private static final String VLEK_NAME = "SEV-VLEK";

  /** On Turin the chip id has so many bytes, and zeros after them. */
  private static final int TURIN_ID_LENGTH = 8;

  private final UnverifiedCertificate vcek;

  private VcekExtensions(UnverifiedCertificate vcek) {
    this.vcek = vcek;
  }

  /** Refuses a VLEK, and a certificate of another chip or other components than reported. */
  static void require(UnverifiedCertificate vcek, SnpProduct product, SnpReport report) {
    VcekExtensions extensions = new VcekExtensions(vcek);
    extensions.requireNoVlek();
    extensions.requireChip(product, report.chipId());
    extensions.requireTcb(report.reportedTcb());
  }

  private void requireNoVlek() {
    if (vcek.subject().commonName().equals(VLEK_NAME)
        || vcek.extension(CLOUD_PROVIDER).isPresent()) {
      throw SnpRefusal.VLEK.because("amd sev-snp vlek certificates are not supported yet");
    }
  }

  /**
   * Refuses a certificate that names another product than those whose root it leads to. AMD writes
   * the product and, after a hyphen, its stepping: {@code Milan-B0}.
   */
  static void requireProduct(UnverifiedCertificate vcek, SnpProduct product) {
    Optional<Bytes> name = vcek.extension(PRODUCT_NAME).map(VcekExtensions::ia5);
    if (name.isPresent()
        && product.certifiedNames().stream().noneMatch(each -> isNamed(each, name.get()))) {
      throw mismatch("product");
    }
  }

  private static boolean isNamed(String product, Bytes name) {
    Bytes beforeStepping = Bytes.utf8(product + "-");
    return name.equals(Bytes.utf8(product))
        || (name.length() > beforeStepping.length()
            && name.slice(0, beforeStepping.length()).equals(beforeStepping));
  }

  private static Bytes ia5(Bytes value) {
    DerReader reader = new DerReader(value);
    Bytes content = reader.content(DerTag.IA5_STRING);
    reader.expectEnd();
    return content;
  }

  /**
   * AMD writes the id as it is, and announced to write an octet string of it. Their lengths differ,
   * so neither can be taken for the other.
   */
  private void requireChip(SnpProduct product, Bytes chipId) {
    Bytes written = required(HARDWARE_ID);
    int length = product == SnpProduct.TURIN ? TURIN_ID_LENGTH : chipId.length();
    Bytes id = chipId.slice(0, length);
    boolean same =
        (written.equals(id) || written.equals(octetString(id)))
            && chipId.slice(length, chipId.length()).isAllZero();
    if (!same) {
      throw mismatch("chip id");
    }
  }

  /** The DER of fewer than 128 bytes. */
  private static Bytes octetString(Bytes content) {
    return Bytes.concat(Bytes.of(new byte[] {4, (byte) content.length()}), content);
  }

  private void requireTcb(TcbVersion reported) {
    if (reported.fmc().isPresent()) {
      requireComponent(FMC, reported.fmc().getAsInt(), "fmc");
    } else if (vcek.extension(BASE + FMC).isPresent()) {
      // A report of version 2 has no room for it and so would leave a component uncompared.
      throw mismatch("fmc");
    }
    requireComponent("3.1", reported.bootloader(), "bootloader");
    requireComponent("3.2", reported.tee(), "tee");
    requireComponent("3.3", reported.snp(), "snp");
    requireComponent("3.8", reported.microcode(), "microcode");
  }

  private void requireComponent(String oid, int reported, String name) {
    if (number(required(BASE + oid)) != reported) {
      throw mismatch(name);
    }
  }

  /** An INTEGER from 0 to 255 in its shortest form. */
  private static int number(Bytes value) {
    DerReader reader = new DerReader(value);
    Bytes content = reader.content(DerTag.INTEGER);
    reader.expectEnd();
    boolean small = content.length() == 1 && content.at(0) < 0x80;
    boolean large = content.length() == 2 && content.at(0) == 0 && content.at(1) >= 0x80;
    if (!small && !large) {
      throw SnpRefusal.VCEK.because("amd sev-snp vcek has a component version out of range");
    }
    return content.at(content.length() - 1);
  }

  private Bytes required(String oid) {
    return vcek.extension(oid)
        .orElseThrow(() -> SnpRefusal.VCEK.because("amd sev-snp vcek has no extension " + oid));
  }

  private static RefusalException mismatch(String what) {
    return SnpRefusal.VCEK.because(
        "amd sev-snp vcek does not match the report: " + what + " differs");
  }
}
