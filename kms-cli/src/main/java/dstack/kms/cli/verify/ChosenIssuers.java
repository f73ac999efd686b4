package dstack.kms.cli.verify;

import dstack.kms.attest.issuer.BoundedFetch;
import dstack.kms.attest.issuer.FetchedIssuerDocuments;
import dstack.kms.attest.issuer.GivenIssuerDocuments;
import dstack.kms.attest.issuer.HostPatterns;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.Reach;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.snp.AmdKds;
import dstack.kms.attest.snp.GivenKds;
import dstack.kms.attest.snp.KdsSource;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Where one command has certificates and lists from: the vendors' services, with every list needed;
 * or, for evidence of another day or with files at hand, the files and nothing else, and what they
 * lack is said.
 */
record ChosenIssuers(
    IssuerDocuments google,
    IssuerDocuments amazon,
    IssuerDocuments amd,
    KdsSource kds,
    RevocationRule revocation,
    List<Runnable> toClose)
    implements AutoCloseable {
  private static final int DER_SEQUENCE = 0x30;

  static ChosenIssuers of(VerificationOptions options, EvidenceOptions more, InstantSource clock) {
    return options.isArchived() || !more.files().isEmpty()
        ? given(more.files())
        : fetched(more.kds(), clock);
  }

  private static ChosenIssuers given(List<Bytes> files) {
    IssuerDocuments documents = new GivenIssuerDocuments(files);
    List<UnverifiedCertificate> certificates =
        files.stream().flatMap(file -> certificates(file).stream()).toList();
    return new ChosenIssuers(
        documents,
        documents,
        documents,
        new GivenKds(first(certificates, true), first(certificates, false)),
        RevocationRule.REPORTED,
        List.of());
  }

  private static ChosenIssuers fetched(URI kds, InstantSource clock) {
    BoundedFetch google = fetch(HostPatterns.google());
    BoundedFetch amazon = fetch(HostPatterns.amazon());
    BoundedFetch amd = fetch(HostPatterns.of("kdsintf.amd.com"));
    AmdKds service = new AmdKds(kds, AmdKds.Settings.within(Duration.ofSeconds(10)), clock);
    return new ChosenIssuers(
        new FetchedIssuerDocuments(google, clock),
        new FetchedIssuerDocuments(amazon, clock),
        new FetchedIssuerDocuments(amd, clock),
        service,
        RevocationRule.REQUIRED,
        List.of(google::close, amazon::close, amd::close, service::close));
  }

  private static BoundedFetch fetch(HostPatterns hosts) {
    return new BoundedFetch(hosts, Reach.PUBLIC, BoundedFetch.Limits.DEFAULT);
  }

  /** The certificates of a file; none if it holds a list. */
  private static List<UnverifiedCertificate> certificates(Bytes file) {
    try {
      List<Bytes> ders =
          !file.isEmpty() && file.at(0) == DER_SEQUENCE
              ? List.of(file)
              : PemChain.split(new String(file.toArray(), StandardCharsets.ISO_8859_1));
      return ders.stream().map(UnverifiedCertificate::parse).toList();
    } catch (RefusalException e) {
      return List.of(); // the documents' own reader has accepted it as a list
    }
  }

  private static Optional<Bytes> first(List<UnverifiedCertificate> certificates, boolean ca) {
    return certificates.stream()
        .filter(certificate -> certificate.isCa() == ca)
        .findFirst()
        .map(UnverifiedCertificate::der);
  }

  @Override
  public void close() {
    toClose.forEach(Runnable::run);
  }
}
