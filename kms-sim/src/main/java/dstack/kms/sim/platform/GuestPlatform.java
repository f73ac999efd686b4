package dstack.kms.sim.platform;

import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.tpm.AkKind;

/** The platform on which a guest runs, with what can be chosen there. */
public sealed interface GuestPlatform {
  /** A trust domain under Intel's roots. */
  record Tdx() implements GuestPlatform {}

  /**
   * A trust domain of Google's with a virtual TPM.
   *
   * @param key of the TPM's attestations
   * @param bareHash whether the host names the image by its executable's hash alone, as old
   *     releases do, instead of by a measurement document
   */
  record GcpTdx(AkKind key, boolean bareHash) implements GuestPlatform {}

  /** An AWS Nitro Enclave. */
  record Nitro() implements GuestPlatform {}

  /**
   * An SEV-SNP guest.
   *
   * @param certified whether the evidence carries its certificates; else they are AMD's to give
   */
  record SevSnp(SnpProduct product, boolean certified) implements GuestPlatform {}

  /** An EC2 instance with a NitroTPM. */
  record NitroTpm() implements GuestPlatform {}
}
