package dstack.kms.client.testing;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
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
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.sim.platform.GuestPlatform;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;

/** A simulated TDX platform with a machine for a KMS and one for an application. */
public final class TestPlatform {
  public static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  public static final InstantSource CLOCK = InstantSource.fixed(NOW);

  /** The first application of the vectors. */
  public static final Bytes APP = Bytes.fromHex("11".repeat(20));

  private final SimulatedPlatform platform;

  public TestPlatform(Path folder) {
    platform = SimulatedPlatform.open(folder, CLOCK, new SecureRandom());
  }

  /** The machine of a KMS. */
  public QuoteSource kms() {
    return platform.boot(SimulatedIdentity.standard());
  }

  /** The machine of the first application of the vectors, with its first instance. */
  public QuoteSource app() {
    return app(APP);
  }

  /** The machine of that application. */
  public QuoteSource app(Bytes id) {
    return platform.boot(
        SimulatedIdentity.standard()
            .change()
            .appId(id)
            .instanceId(Bytes.fromHex("33".repeat(20)))
            .done());
  }

  /** An enclave in which a KMS runs. */
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
            CLOCK);
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

  /** Verifies evidence of this platform. */
  public AttestationVerifier verifier() {
    TdxTrustAnchor anchor = TdxTrustAnchor.external(content(platform.rootCertificateFile()));
    return new AttestationVerifier(
        PlatformVerifiers.onlyTdx(
            new TdxVerifier(
                new QuoteVerifier(anchor, SignatureVerifiers.named("auto")),
                _ -> Collateral.fromJson(platform.collateral().toJson()),
                CLOCK)));
  }

  private static Bytes content(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
