package dstack.kms.cli.dev;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.nio.file.Files;

/** Verifiers of the check's own, over the platform's collateral. */
final class DevVerifier {
  private DevVerifier() {}

  /** Under the simulated root. */
  static AttestationVerifier of(SimulatedPlatform platform) {
    try {
      Bytes root = Bytes.of(Files.readAllBytes(platform.rootCertificateFile()));
      return under(TdxTrustAnchor.external(root), platform);
    } catch (IOException e) {
      throw DevRefusal.FOLDER.because("cannot read the simulated root", e);
    }
  }

  /** Under Intel's root, which must refuse. */
  static AttestationVerifier ofIntel(SimulatedPlatform platform) {
    return under(TdxTrustAnchor.intel(), platform);
  }

  private static AttestationVerifier under(TdxTrustAnchor anchor, SimulatedPlatform platform) {
    return new AttestationVerifier(
        PlatformVerifiers.onlyTdx(
            new TdxVerifier(
                new QuoteVerifier(anchor, SignatureVerifiers.named("auto")),
                quote -> Collateral.fromJson(platform.collateral().toJson()),
                platform::now)));
  }
}
