package dstack.kms.onboard.testing;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.nitro.DocumentVerifier;
import dstack.kms.attest.nitro.NitroEnclaveVerifier;
import dstack.kms.attest.nitro.NitroTrustAnchor;
import dstack.kms.attest.nitro.UnmeasuredEvents;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.platform.GuestPlatform;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/** One simulated machine, and a verifier that trusts its roots, in one process. */
public final class Machine {
  private final SimulatedPlatform platform;
  private final InstantSource clock;
  private final AttestationVerifier verifier;

  private Machine(SimulatedPlatform platform, InstantSource clock) {
    this.platform = platform;
    this.clock = clock;
    Collateral collateral = Collateral.fromJson(platform.collateral().toJson());
    verifier =
        new AttestationVerifier(
            PlatformVerifiers.onlyTdx(
                new TdxVerifier(
                    new QuoteVerifier(
                        TdxTrustAnchor.external(content(platform.rootCertificateFile())),
                        SignatureVerifiers.named("auto")),
                    _ -> collateral,
                    clock)));
  }

  /** The machine whose roots lie in that folder. */
  public static Machine in(Path folder, InstantSource clock) {
    return new Machine(
        SimulatedPlatform.open(folder.resolve("platform"), clock, new SecureRandom()), clock);
  }

  /** The platform. */
  public SimulatedPlatform platform() {
    return platform;
  }

  /** Trusts this machine's roots only. */
  public AttestationVerifier verifier() {
    return verifier;
  }

  /** A guest on it that tells the truth but for these faults. */
  public QuoteSource guest(SimulatedFault... faults) {
    return platform.boot(SimulatedIdentity.standard(), faults);
  }

  /** An enclave on it that tells the truth. */
  public QuoteSource enclave() {
    return platform.boot(SimulatedIdentity.on(new GuestPlatform.Nitro()));
  }

  /** Looks at enclaves as people do at archived evidence: without the maker's revocation lists. */
  public AttestationVerifier withoutLists() {
    DocumentVerifier documents =
        new DocumentVerifier(
            NitroTrustAnchor.external(content(platform.nitro().rootFile())),
            new NoIssuerDocuments(),
            RevocationRule.REPORTED,
            SignatureVerifiers.named("auto"),
            clock);
    PlatformVerifiers none =
        PlatformVerifiers.onlyTdx(
            (evidence, claims) -> {
              throw new AssertionError("an enclave is expected");
            });
    return new AttestationVerifier(
        new PlatformVerifiers(
            none.tdx(),
            none.gcpTdx(),
            new NitroEnclaveVerifier(documents, UnmeasuredEvents.APP_ID_ONLY),
            none.nitroTpm(),
            none.sevSnp()));
  }

  /** The guest's verified boot info. */
  public BootInfo bootInfo(SimulatedFault... faults) {
    return bootInfo(guest(faults));
  }

  /** The verified boot info of whatever that source attests. */
  public BootInfo bootInfo(QuoteSource source) {
    Bytes raw = source.attest(ReportData.ZERO);
    return verifier
        .verify(UnverifiedAttestation.decode(raw))
        .bootInfo("", MeasurementPoint.RUNTIME);
  }

  private static Bytes content(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
