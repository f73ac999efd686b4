package dstack.kms.attest.snp;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * The two certificates between a report and AMD's root, PEM or DER, of which nothing was checked.
 *
 * @param ask the family's signing key
 * @param vcek the chip's key
 */
record SnpCertificates(Bytes ask, Bytes vcek) {
  /** Reads what came beside a report: two certificates, or one kernel certificate table. */
  static SnpCertificates of(List<Bytes> certChain) {
    return switch (certChain.size()) {
      case 1 -> KernelCertificateTable.parse(certChain.getFirst());
      case 2 -> new SnpCertificates(certChain.getFirst(), certChain.getLast());
      default ->
          throw SnpRefusal.CERTIFICATES.because(
              "amd sev-snp cert_chain must contain either ASK and VCEK certificates or one kernel"
                  + " certificate table auxblob");
    };
  }
}
