package dstack.kms.sim.platform;

import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.tpm.AkKind;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of platform, named as on the command line (specification 00 §6). */
public enum PlatformKind {
  TDX("tdx"),
  GCP_TDX("gcp-tdx"),
  NITRO("nitro"),
  NITRO_TPM("nitro-tpm"),
  SEV_SNP("sev-snp");

  private final String word;

  PlatformKind(String word) {
    this.word = word;
  }

  /** The name on the command line. */
  public String word() {
    return word;
  }

  /** The kind of that name. */
  public static Optional<PlatformKind> ofWord(String word) {
    return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** The platform with the choices that real guests mostly meet. */
  public GuestPlatform usual() {
    return switch (this) {
      case TDX -> new GuestPlatform.Tdx();
      case GCP_TDX -> new GuestPlatform.GcpTdx(AkKind.ECC, false);
      case NITRO -> new GuestPlatform.Nitro();
      case NITRO_TPM -> new GuestPlatform.NitroTpm();
      case SEV_SNP -> new GuestPlatform.SevSnp(SnpProduct.MILAN, true);
    };
  }

  /** The setting under {@code core} without which no keys are released to this platform. */
  public Optional<String> releaseSwitch() {
    return switch (this) {
      case TDX, GCP_TDX, NITRO -> Optional.empty();
      case NITRO_TPM -> Optional.of("aws_nitro_tpm_key_release");
      case SEV_SNP -> Optional.of("sev_snp_key_release");
    };
  }
}
