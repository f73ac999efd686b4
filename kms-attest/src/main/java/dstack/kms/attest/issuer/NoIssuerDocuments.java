package dstack.kms.attest.issuer;

import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/** A source without any document. */
public final class NoIssuerDocuments implements IssuerDocuments {
  @Override
  public Bytes certificate(String uri) {
    throw IssuerRefusal.UNAVAILABLE.refuse("there is no source of issuers' certificates", uri);
  }

  @Override
  public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
    return Optional.empty();
  }

  @Override
  public void authentic(String uri, Bytes certificate) {
    // Nothing came from here.
  }

  @Override
  public void authentic(String uri, RevocationList list) {
    // Nothing came from here.
  }
}
