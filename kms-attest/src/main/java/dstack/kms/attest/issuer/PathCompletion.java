package dstack.kms.attest.issuer;

import dstack.kms.attest.x509.PathBuilder;
import dstack.kms.attest.x509.PathRefusal;
import dstack.kms.attest.x509.SignedPath;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds a path for which certificates may have to be sought where others say they lie. */
final class PathCompletion {
  private static final int MAX_FETCHES = 4;

  private final PathBuilder paths;
  private final IssuerDocuments documents;
  private final SignatureVerifier verifier;

  PathCompletion(PathBuilder paths, IssuerDocuments documents, SignatureVerifier verifier) {
    this.paths = paths;
    this.documents = documents;
    this.verifier = verifier;
  }

  SignedPath build(UnverifiedCertificate leaf, List<Bytes> others) {
    Map<String, Bytes> sought = new LinkedHashMap<>();
    List<Bytes> known = new ArrayList<>(others);
    UnverifiedCertificate last = leaf;
    while (true) {
      try {
        SignedPath path = paths.build(leaf, known);
        keep(sought, path);
        return path;
      } catch (RefusalException refusal) {
        if (!mayLackAnIssuer(refusal) || sought.size() == MAX_FETCHES) {
          throw refusal;
        }
        last = lastOf(last, known);
        String uri = last.authorityInfoAccessIssuerUri().orElseThrow(() -> refusal);
        if (sought.containsKey(uri)) {
          throw refusal;
        }
        Bytes issuer = issuerOf(last, uri, refusal);
        sought.put(uri, issuer);
        known.add(issuer);
      }
    }
  }

  /**
   * An authority that took a new key keeps its name, so a known certificate of that name, under
   * which the signature does not hold, is no reason not to ask for the right one.
   */
  private static boolean mayLackAnIssuer(RefusalException refusal) {
    return refusal.code() == PathRefusal.UNKNOWN_ISSUER || refusal.code() == PathRefusal.SIGNATURE;
  }

  /** The certificate that nothing known issued, seen from the given one. */
  private UnverifiedCertificate lastOf(UnverifiedCertificate from, List<Bytes> known) {
    List<UnverifiedCertificate> rest =
        new ArrayList<>(known.stream().map(UnverifiedCertificate::parse).toList());
    UnverifiedCertificate last = from;
    while (true) {
      Bytes issuer = last.issuer().der();
      int next = 0;
      while (next < rest.size()
          && !(rest.get(next).subject().der().equals(issuer)
              && last.isSignedBy(rest.get(next), verifier))) {
        next++;
      }
      if (next == rest.size()) {
        return last;
      }
      last = rest.remove(next);
    }
  }

  /** A known authority's bad signature stays what it is if nothing better lies at the address. */
  private Bytes issuerOf(UnverifiedCertificate issued, String uri, RefusalException otherwise) {
    try {
      return issuerOf(issued, uri);
    } catch (RefusalException refusal) {
      throw otherwise.code() == PathRefusal.SIGNATURE ? otherwise : refusal;
    }
  }

  /** The certificate at that address, if it is the issuer's: nothing else leads any further. */
  private Bytes issuerOf(UnverifiedCertificate issued, String uri) {
    Bytes der = documents.certificate(uri, issued.issuer());
    UnverifiedCertificate issuer = parse(der);
    if (!issuer.subject().der().equals(issued.issuer().der())) {
      throw new RefusalException(PathRefusal.UNKNOWN_ISSUER, "UnknownIssuer");
    }
    if (!issued.isSignedBy(issuer, verifier)) {
      throw new RefusalException(PathRefusal.SIGNATURE, "InvalidSignatureForPublicKey");
    }
    return der;
  }

  /** What lies there in place of a certificate says nothing of the evidence. */
  private static UnverifiedCertificate parse(Bytes der) {
    try {
      return UnverifiedCertificate.parse(der);
    } catch (RefusalException refusal) {
      throw RefusalException.causedBy(
          IssuerRefusal.UNAVAILABLE, "what an issuer serves is no certificate", refusal);
    }
  }

  private void keep(Map<String, Bytes> sought, SignedPath path) {
    List<Bytes> used = path.certificates().stream().map(UnverifiedCertificate::der).toList();
    sought.forEach(
        (uri, der) -> {
          if (used.contains(der)) {
            documents.authentic(uri, der);
          }
        });
  }
}
