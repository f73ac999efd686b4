package dstack.kms.attest.dcap;

import dstack.kms.attest.x509.RevocationList;
import dstack.kms.attest.x509.RevocationLists;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import java.time.Instant;
import java.util.List;

/**
 * Steps 1 to 3: the two revocation lists, of which one says that the trust anchor itself is not
 * revoked. Compared by identity: every part that was checked against these lists names them.
 */
final class Revocation {
  private final RevocationList root;
  private final RevocationLists lists;
  private final ValidityWindow window;

  private Revocation(RevocationList root, RevocationLists lists, ValidityWindow window) {
    this.root = root;
    this.lists = lists;
    this.window = window;
  }

  /** The two lists as they came. */
  record Key(Bytes rootCaCrl, Bytes pckCrl) {}

  static Revocation check(Key key, TdxTrustAnchor anchor, SignatureVerifier verifier, Instant now) {
    RevocationList root = RevocationList.parse(key.rootCaCrl());
    RevocationList pck = RevocationList.parse(key.pckCrl());
    RevocationLists lists = new RevocationLists(List.of(root, pck), verifier);
    ValidityWindow window = lists.requireAnchorUnrevoked(anchor.anchor(), now);
    return new Revocation(root, lists, window);
  }

  /** The list that came as the root's; authentic if it is the one that speaks for the root. */
  RevocationList root() {
    return root;
  }

  RevocationLists lists() {
    return lists;
  }

  ValidityWindow window() {
    return window;
  }
}
