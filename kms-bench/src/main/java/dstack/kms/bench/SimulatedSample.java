package dstack.kms.bench;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.gcp.GcpTrustAnchor;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.nitro.NitroTrustAnchor;
import dstack.kms.attest.snp.SnpTrustAnchors;
import dstack.kms.attest.verify.TrustRoots;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.nitro.NitroAuthority;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.sim.tpm.TpmAuthority;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Evidence of simulated machines of fresh makers, with their lists: of platforms without vectors.
 */
final class SimulatedSample {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private SimulatedSample() {}

  static PlatformSample gcpTdx() {
    return inFreshFolder(
        platform -> {
          Collateral collateral = Collateral.fromJson(platform.collateral().toJson());
          TpmAuthority maker = platform.tpm();
          List<Bytes> documents =
              List.of(
                  maker.intermediate(platform.documents()).der(), listOf(maker.folder().root()));
          return new PlatformSample(
              attestation(platform, PlatformKind.GCP_TDX),
              roots(platform),
              quote -> collateral,
              documents,
              RevocationRule.REQUIRED,
              NOW);
        });
  }

  static PlatformSample nitroTpm() {
    return inFreshFolder(
        platform -> {
          NitroAuthority maker = platform.nitroTpm();
          List<Bytes> documents =
              List.of(listOf(maker.folder().root()), listOf(maker.regional(platform.documents())));
          return new PlatformSample(
              attestation(platform, PlatformKind.NITRO_TPM),
              roots(platform),
              quote -> {
                throw new IllegalStateException("this platform has no TDX quotes");
              },
              documents,
              RevocationRule.REQUIRED,
              NOW);
        });
  }

  private static UnverifiedAttestation attestation(SimulatedPlatform platform, PlatformKind kind) {
    ReportData reportData = new ReportData(Digests.sha512(Bytes.utf8("benchmark")));
    return UnverifiedAttestation.decode(
        platform.attest(SimulatedIdentity.on(kind.usual()), reportData));
  }

  private static Bytes listOf(VendorCertificate issuer) {
    return VendorList.empty(issuer, NOW).der();
  }

  private static TrustRoots roots(SimulatedPlatform platform) {
    NitroTrustAnchor aws = NitroTrustAnchor.external(content(platform.nitroTpm().rootFile()));
    return new TrustRoots(
        TdxTrustAnchor.external(content(platform.rootCertificateFile())),
        GcpTrustAnchor.external(content(platform.tpm().folder().rootFile())),
        aws,
        aws,
        SnpTrustAnchors.amd());
  }

  private static PlatformSample inFreshFolder(Function<SimulatedPlatform, PlatformSample> make) {
    try {
      Path folder = Files.createTempDirectory("kms-bench");
      try {
        return make.apply(
            SimulatedPlatform.open(
                folder.resolve("sim"), InstantSource.fixed(NOW), new SecureRandom()));
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Bytes content(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
