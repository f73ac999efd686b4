package dstack.kms.attest.snp;

import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * Where certificates come from that a report does not bring along: AMD's key distribution service,
 * or files. Nothing that it returns is authentic until its chain was verified; who has verified it
 * says so, and only then may a source keep it.
 */
public interface KdsSource {
  /**
   * The certificate of the key that signed a report, if it is of that product; PEM or DER. Blocks
   * at most until the deadline.
   *
   * @throws dstack.kms.core.refusal.RefusalException {@link KdsRefusal}
   */
  Bytes vcek(SnpProduct product, SnpReport report, KdsDeadline deadline);

  /**
   * The certificate of the key that signs a product's certificates; PEM or DER. Asked for only if
   * none that is known signed the VCEK.
   *
   * @throws dstack.kms.core.refusal.RefusalException {@link KdsRefusal}
   */
  Bytes ask(SnpProduct product, KdsDeadline deadline);

  /** Tells that the certificates lead to the product's root. */
  void authentic(SnpProduct product, SnpReport report, Bytes vcek, Optional<Bytes> ask);

  /** Tells that what was given for that report does not, so that nobody asks again at once. */
  void rejected(SnpProduct product, SnpReport report);
}
