package dstack.kms.attest.issuer;

import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Documents out of files that somebody has at hand, found by name: no address is asked. Of several
 * lists of one issuer the newest counts.
 */
public final class GivenIssuerDocuments implements IssuerDocuments {
  private static final String LIST_LABEL = "X509 CRL-----";

  private final List<UnverifiedCertificate> certificates = new ArrayList<>();
  private final List<RevocationList> lists = new ArrayList<>();

  /**
   * Reads files, each one certificate or list as DER, or PEM blocks of one of the two kinds.
   *
   * @throws RefusalException {@link IssuerRefusal#MALFORMED} for anything else
   */
  public GivenIssuerDocuments(List<Bytes> files) {
    for (Bytes file : files) {
      if (!file.isEmpty() && file.at(0) == 0x30) {
        add(file);
      } else {
        blocks(new String(file.toArray(), StandardCharsets.ISO_8859_1)).forEach(this::add);
      }
    }
  }

  private static List<Bytes> blocks(String pem) {
    List<Bytes> blocks;
    try {
      blocks = PemChain.split(pem.replace(LIST_LABEL, "CERTIFICATE-----"));
    } catch (RefusalException refusal) {
      throw malformed(refusal);
    }
    if (blocks.isEmpty()) {
      throw IssuerRefusal.MALFORMED.refuse("a given file holds no certificate and no list", "");
    }
    return blocks;
  }

  private void add(Bytes der) {
    try {
      certificates.add(UnverifiedCertificate.parse(der));
    } catch (RefusalException noCertificate) {
      try {
        lists.add(RevocationList.parse(der));
      } catch (RefusalException refusal) {
        throw malformed(refusal);
      }
    }
  }

  private static RefusalException malformed(RefusalException cause) {
    return RefusalException.causedBy(
        IssuerRefusal.MALFORMED, "a given file is neither a certificate nor a list", cause);
  }

  @Override
  public Bytes certificate(String uri) {
    throw IssuerRefusal.UNAVAILABLE.refuse(
        "the issuer's certificate is not among the given ones", uri);
  }

  @Override
  public Bytes certificate(String uri, DistinguishedName subject) {
    return certificates.stream()
        .filter(certificate -> certificate.subject().der().equals(subject.der()))
        .findFirst()
        .map(UnverifiedCertificate::der)
        .orElseGet(() -> certificate(uri));
  }

  @Override
  public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
    return lists.stream()
        .filter(list -> list.issuer().der().equals(issuer.der()))
        .max(Comparator.comparing(RevocationList::thisUpdate));
  }

  @Override
  public void authentic(String uri, Bytes certificate) {
    // Whatever was given stays.
  }

  @Override
  public void authentic(String uri, RevocationList list) {
    // Whatever was given stays.
  }
}
