package dstack.kms.sim.testing;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.InstantSource;

/** The product's verifier under one trust anchor, fed with the platform's collateral. */
public final class RelyingParty {
  private final SimulatedPlatform platform;
  private final TdxTrustAnchor anchor;

  private RelyingParty(SimulatedPlatform platform, TdxTrustAnchor anchor) {
    this.platform = platform;
    this.anchor = anchor;
  }

  /** Trusts the simulated root. */
  public static RelyingParty trusting(SimulatedPlatform platform) {
    try {
      Bytes root = Bytes.of(Files.readAllBytes(platform.rootCertificateFile()));
      return new RelyingParty(platform, TdxTrustAnchor.external(root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Trusts Intel's root, as every production server does. */
  public static RelyingParty trustingIntel(SimulatedPlatform platform) {
    return new RelyingParty(platform, TdxTrustAnchor.intel());
  }

  /** Verifies one attestation of such a guest with collateral, both with these faults. */
  public VerifiedAttestation verify(SimulatedIdentity identity, SimulatedFault... faults) {
    Bytes bytes = platform.attest(identity, TestPlatform.REPORT_DATA, faults);
    return verify(bytes, identity.authority(), faults);
  }

  /** Verifies these bytes with collateral that has these faults. */
  public VerifiedAttestation verify(
      Bytes attestation, PckAuthority authority, SimulatedFault... faults) {
    String json = platform.collateral(TeeKind.TDX, authority, faults).toJson();
    AttestationVerifier verifier =
        new AttestationVerifier(
            PlatformVerifiers.onlyTdx(
                new TdxVerifier(
                    quoteVerifier(),
                    quote -> Collateral.fromJson(json),
                    InstantSource.fixed(platform.now()))));
    return verifier.verify(UnverifiedAttestation.decode(attestation));
  }

  /** The verifier of raw quotes. */
  public QuoteVerifier quoteVerifier() {
    return new QuoteVerifier(anchor, SignatureVerifiers.named("auto"));
  }
}
