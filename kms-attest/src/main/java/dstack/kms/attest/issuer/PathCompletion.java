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
        if (refusal.code() != PathRefusal.UNKNOWN_ISSUER || sought.size() == MAX_FETCHES) {
          throw refusal;
        }
        last = lastOf(last, known);
        String uri = last.authorityInfoAccessIssuerUri().orElseThrow(() -> refusal);
        if (sought.containsKey(uri)) {
          throw refusal;
        }
        Bytes issuer = issuerOf(last, uri);
        sought.put(uri, issuer);
        known.add(issuer);
      }
    }
  }

  /** The certificate that nothing known issued, seen from the given one by names. */
  private static UnverifiedCertificate lastOf(UnverifiedCertificate from, List<Bytes> known) {
    List<UnverifiedCertificate> rest =
        new ArrayList<>(known.stream().map(UnverifiedCertificate::parse).toList());
    UnverifiedCertificate last = from;
    while (true) {
      Bytes issuer = last.issuer().der();
      int next = 0;
      while (next < rest.size() && !rest.get(next).subject().der().equals(issuer)) {
        next++;
      }
      if (next == rest.size()) {
        return last;
      }
      last = rest.remove(next);
    }
  }

  /** The certificate at that address, if it is the issuer's: nothing else leads any further. */
  private Bytes issuerOf(UnverifiedCertificate issued, String uri) {
    Bytes der = documents.certificate(uri, issued.issuer());
    UnverifiedCertificate issuer = UnverifiedCertificate.parse(der);
    if (!issuer.subject().der().equals(issued.issuer().der())) {
      throw new RefusalException(PathRefusal.UNKNOWN_ISSUER, "UnknownIssuer");
    }
    if (!issued.isSignedBy(issuer, verifier)) {
      throw new RefusalException(PathRefusal.SIGNATURE, "InvalidSignatureForPublicKey");
    }
    return der;
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
