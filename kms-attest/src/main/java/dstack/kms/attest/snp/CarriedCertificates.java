package dstack.kms.attest.snp;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** The certificates that came beside a report, DER; nothing of them is checked. */
public final class CarriedCertificates {
  private CarriedCertificates() {}

  /** The signing key's and the chip's; none if none came. */
  public static List<Bytes> of(List<Bytes> certChain) {
    if (certChain.isEmpty()) {
      return List.of();
    }
    SnpCertificates carried = SnpCertificates.of(certChain);
    return List.of(CertificateText.der(carried.ask()), CertificateText.der(carried.vcek()));
  }
}
