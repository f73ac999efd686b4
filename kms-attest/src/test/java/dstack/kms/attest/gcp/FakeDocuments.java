package dstack.kms.attest.gcp;

import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.IssuerRefusal;
import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Documents by address, and what was asked for. */
final class FakeDocuments implements IssuerDocuments {
  final Map<String, Bytes> certificates = new HashMap<>();
  final Map<String, Bytes> lists = new HashMap<>();
  final List<String> asked = new ArrayList<>();
  boolean unreachable;

  /** What every address of a certificate answers. */
  Optional<Bytes> served = Optional.empty();

  @Override
  public Bytes certificate(String uri) {
    asked.add(uri);
    requireReachable();
    return served
        .or(() -> Optional.ofNullable(certificates.get(uri)))
        .orElseThrow(() -> new RefusalException(IssuerRefusal.UNAVAILABLE, "no answer", uri));
  }

  @Override
  public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
    asked.add(uri);
    requireReachable();
    return Optional.ofNullable(lists.get(uri)).map(RevocationList::parse);
  }

  private void requireReachable() {
    if (unreachable) {
      throw new RefusalException(IssuerRefusal.UNAVAILABLE, "no answer");
    }
  }

  @Override
  public void authentic(String uri, Bytes certificate) {
    asked.add("authentic " + uri);
  }

  @Override
  public void authentic(String uri, RevocationList list) {
    asked.add("authentic " + uri);
  }
}
