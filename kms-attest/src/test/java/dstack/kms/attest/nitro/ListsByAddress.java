package dstack.kms.attest.nitro;

import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.IssuerRefusal;
import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Revocation lists in memory, and what was asked for. */
final class ListsByAddress implements IssuerDocuments {
  final List<String> asked = new ArrayList<>();
  private final Map<String, Bytes> lists;
  boolean down;

  ListsByAddress(Map<String, Bytes> lists) {
    this.lists = lists;
  }

  @Override
  public Bytes certificate(String uri) {
    throw new AssertionError("nobody asks for certificates here");
  }

  @Override
  public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
    asked.add(uri);
    if (down) {
      throw new RefusalException(IssuerRefusal.UNAVAILABLE, "nothing answers");
    }
    return Optional.ofNullable(lists.get(uri)).map(RevocationList::parse);
  }

  @Override
  public void authentic(String uri, Bytes certificate) {
    throw new AssertionError("nobody asks for certificates here");
  }

  @Override
  public void authentic(String uri, RevocationList list) {
    // Nothing is kept.
  }
}
