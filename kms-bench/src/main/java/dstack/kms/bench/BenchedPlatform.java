package dstack.kms.bench;

import java.util.Locale;

/**
 * The platforms beside plain TDX, with the signatures that nobody can avoid who verifies their
 * evidence. That these are the numbers is checked whenever one is measured.
 *
 * <p>Cold counts each signature of the evidence, of its chain below the root and of the lists that
 * are given; warm what signs the evidence itself and is new with each.
 */
public enum BenchedPlatform {
  /**
   * Simulated. Warm: the quote's and the TPM's, P-256 both. Cold: the nine of TDX, the TPM's, and
   * with RSA the two certificates below the TPM's root and the root's list. The issuer of the TPM's
   * certificate is an unknown one here, sought again each time and then checked before it is
   * trusted: one signature of RSA more than the floor. Google's is known and costs none.
   */
  GCP_TDX(13, 2, 1),
  /**
   * A real document without lists, P-384 throughout. Cold: its own and its chain's four; the chain
   * of another enclave of the same host differs in its last one or two.
   */
  NITRO(5, 1, 0),
  /** Simulated, P-384 throughout. Cold: its own, its chain's four and two lists. */
  NITRO_TPM(7, 1, 0),
  /** A real report without lists. Cold: its own of P-384, and two certificates with RSA-PSS. */
  SEV_SNP(3, 1, 0);

  private final int cold;
  private final int warm;
  private final int repeated;

  BenchedPlatform(int cold, int warm, int repeated) {
    this.cold = cold;
    this.warm = warm;
    this.repeated = repeated;
  }

  /** The name as on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Distinct signatures that a verifier checks that has verified nothing before. */
  int coldSignatures() {
    return cold;
  }

  /** Signatures that have to be checked every time. */
  int warmSignatures() {
    return warm;
  }

  /** Signatures of certificates, with RSA, that are checked every time although they need not. */
  int repeatedSignatures() {
    return repeated;
  }
}
