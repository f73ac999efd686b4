package dstack.kms.cli.fetch;

import dstack.kms.cli.input.HexBytes;
import dstack.kms.cli.input.InputFile;
import dstack.kms.client.trust.KmsJudge;
import dstack.kms.client.trust.KmsTrust;
import dstack.kms.client.trust.RootCaPin;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which KMS is good; every option that is given must hold. */
final class TrustOptions {
  @Option(
      names = "--root-ca",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The fleet's root CA certificate (root-ca.crt), PEM.")
  private @Nullable InputFile rootCa;

  @Option(
      names = "--k256-pubkey",
      paramLabel = "HEX",
      converter = HexBytes.class,
      description = "The fleet's root k256 public key, 33 bytes.")
  private @Nullable Bytes k256;

  @Option(
      names = "--attested",
      description = "The KMS's evidence, by the roots and the authority of the configuration.")
  private boolean attested;

  @Option(
      names = "--insecure-skip-kms-verification",
      description = {
        "Take keys from whoever answers: the host can give its own and read",
        "everything that they protect."
      })
  private boolean nothing;

  /** Whether the configuration's verifier and authority are needed. */
  boolean isAttested() {
    return attested;
  }

  /** Refuses no choice, and insecurity beside another choice, as wrong usage. */
  void require(CommandLine command) {
    boolean any = rootCa != null || k256 != null || attested;
    if (!any && !nothing) {
      throw new ParameterException(
          command,
          "say which KMS is good: --root-ca FILE, --k256-pubkey HEX or --attested (or several)");
    }
    if (any && nothing) {
      throw new ParameterException(
          command, "--insecure-skip-kms-verification cannot stand beside what would verify it");
    }
  }

  /** The trust; shouts if it is none. */
  KmsTrust trust(Optional<KmsJudge> judge, PrintWriter err) {
    if (nothing) {
      err.println("kms: WARNING: THE KMS IS NOT VERIFIED. Whoever answers gives the keys, and may");
      err.println("kms: WARNING: read everything that they protect. Never do this with real data.");
      return KmsTrust.inAnybody();
    }
    return KmsTrust.of(
        Optional.ofNullable(rootCa).map(file -> RootCaPin.ofPem(file.text())),
        Optional.ofNullable(k256).map(Secp256k1PublicKey::new),
        judge);
  }
}
