package dstack.kms.sim.testing;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.gcp.AttestationKeyChain;
import dstack.kms.attest.gcp.GcpImageRule;
import dstack.kms.attest.gcp.GcpTdxVerifier;
import dstack.kms.attest.gcp.GcpTrustAnchor;
import dstack.kms.attest.gcp.VerifiedGcpTdx;
import dstack.kms.attest.issuer.BoundedFetch;
import dstack.kms.attest.issuer.FetchedIssuerDocuments;
import dstack.kms.attest.issuer.HostPatterns;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.Reach;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.nitro.ConfigRegister;
import dstack.kms.attest.nitro.DocumentVerifier;
import dstack.kms.attest.nitro.NitroEnclaveVerifier;
import dstack.kms.attest.nitro.NitroImageRule;
import dstack.kms.attest.nitro.NitroTpmImageRule;
import dstack.kms.attest.nitro.NitroTpmVerifier;
import dstack.kms.attest.nitro.NitroTrustAnchor;
import dstack.kms.attest.nitro.UnmeasuredEvents;
import dstack.kms.attest.nitro.VerifiedNitroEnclave;
import dstack.kms.attest.nitro.VerifiedNitroTpm;
import dstack.kms.attest.snp.AmdKds;
import dstack.kms.attest.snp.SnpTrustAnchors;
import dstack.kms.attest.snp.SnpVerifier;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** The product's verifiers of every platform, under simulated roots or under the makers' own. */
public final class MakersParty implements AutoCloseable {
  private static final SignatureVerifier SIGNATURES = SignatureVerifiers.named("auto");

  private final SimulatedPlatform platform;
  private final boolean simulated;
  private final InstantSource clock;
  private final SimulatedFault[] collateralFaults;
  private final BoundedFetch fetch =
      new BoundedFetch(
          HostPatterns.amazon(), Reach.PUBLIC_AND_LOOPBACK, BoundedFetch.Limits.DEFAULT);
  private final IssuerDocuments documents;
  private final AmdKds kds;

  private MakersParty(
      SimulatedPlatform platform,
      boolean simulated,
      InstantSource clock,
      SimulatedFault... collateralFaults) {
    this.platform = platform;
    this.collateralFaults = collateralFaults.clone();
    this.simulated = simulated;
    this.clock = clock;
    documents = new FetchedIssuerDocuments(fetch, clock);
    kds =
        new AmdKds(
            URI.create(platform.documents() + "/vcek/v1"),
            AmdKds.Settings.within(Duration.ofSeconds(10)),
            clock);
  }

  /**
   * Trusts the simulated roots; it has fetched nothing yet.
   *
   * @param faults those of collateral are in what it knows of TDX
   */
  public static MakersParty trusting(SimulatedPlatform platform, SimulatedFault... faults) {
    return new MakersParty(platform, true, InstantSource.fixed(platform.now()), faults);
  }

  /** Trusts what every production server does. */
  public static MakersParty ofProduction(SimulatedPlatform platform) {
    return new MakersParty(platform, false, InstantSource.fixed(platform.now()));
  }

  /** Verifies evidence and its image, and takes its identity. */
  public BootInfo judge(Bytes container) {
    VerifiedAttestation verified = verify(container);
    requireImage(verified);
    return verified.bootInfo("", MeasurementPoint.RUNTIME);
  }

  /** Verifies evidence. */
  public VerifiedAttestation verify(Bytes container) {
    return new AttestationVerifier(verifiers()).verify(UnverifiedAttestation.decode(container));
  }

  private static void requireImage(VerifiedAttestation verified) {
    VmConfig config = VmConfig.resolve("", verified.embeddedVmConfig());
    switch (verified.platform()) {
      case VerifiedNitroEnclave enclave -> NitroImageRule.require(enclave, config);
      case VerifiedNitroTpm instance -> NitroTpmImageRule.require(instance, config);
      case VerifiedGcpTdx machine ->
          new GcpImageRule(GcpEvidenceConfig.defaults()).require(machine, config);
      default -> {}
    }
  }

  private PlatformVerifiers verifiers() {
    TdxVerifier tdx =
        new TdxVerifier(
            new QuoteVerifier(tdxAnchor(), SIGNATURES),
            quote -> Collateral.fromJson(platform.collateral(collateralFaults).toJson()),
            clock);
    return new PlatformVerifiers(
        tdx,
        new GcpTdxVerifier(
            tdx,
            new AttestationKeyChain(
                gcpAnchor(), documents, RevocationRule.REQUIRED, SIGNATURES, clock),
            SIGNATURES,
            GcpEvidenceConfig.defaults()),
        new NitroEnclaveVerifier(
            documentVerifier(platform.nitro().rootFile()), UnmeasuredEvents.APP_ID_ONLY),
        new NitroTpmVerifier(
            documentVerifier(platform.nitroTpm().rootFile()), ConfigRegister.checked(Set::of)),
        new SnpVerifier(
            snpAnchors(),
            kds,
            documents,
            RevocationRule.REQUIRED,
            SnpEvidenceConfig.defaults(),
            SIGNATURES,
            clock));
  }

  private TdxTrustAnchor tdxAnchor() {
    return simulated
        ? TdxTrustAnchor.external(content(platform.rootCertificateFile()))
        : TdxTrustAnchor.intel();
  }

  private GcpTrustAnchor gcpAnchor() {
    return simulated
        ? GcpTrustAnchor.external(content(platform.tpm().folder().rootFile()))
        : GcpTrustAnchor.google();
  }

  private DocumentVerifier documentVerifier(Path root) {
    NitroTrustAnchor anchor =
        simulated ? NitroTrustAnchor.external(content(root)) : NitroTrustAnchor.aws();
    return new DocumentVerifier(anchor, documents, RevocationRule.REQUIRED, SIGNATURES, clock);
  }

  private SnpTrustAnchors snpAnchors() {
    SnpTrustAnchors anchors = SnpTrustAnchors.amd();
    if (simulated) {
      for (SnpProduct product : SnpProduct.values()) {
        var maker = platform.snp(dstack.kms.sim.snp.SnpProduct.valueOf(product.name()));
        anchors = anchors.withExternal(product, content(maker.folder().rootFile()), SIGNATURES);
      }
    }
    return anchors;
  }

  private static Bytes content(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kds.close();
    fetch.close();
  }
}
