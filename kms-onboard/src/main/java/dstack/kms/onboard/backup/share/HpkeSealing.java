package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hpke;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.util.Optional;

/** Shares sealed by HPKE, with the refusals of shares. */
final class HpkeSealing {
  private HpkeSealing() {}

  static Bytes toP256(P256PublicKey holder, Hpke.Binding binding, Secret content) {
    return sealed(Hpke.toP256(holder, binding, content));
  }

  static Bytes toX25519(Bytes session, Hpke.Binding binding, Secret content) {
    return sealed(Hpke.toX25519(session, binding, content));
  }

  static Secret withP256(P256PrivateKey key, Hpke.Binding binding, Bytes sealed) {
    return opened(Hpke.withP256(key, binding, sealed));
  }

  static Secret withX25519(Secret key, Hpke.Binding binding, Bytes sealed) {
    return opened(Hpke.withX25519(key, binding, sealed));
  }

  private static Bytes sealed(Optional<Bytes> sealed) {
    return sealed.orElseThrow(
        () -> new RefusalException(ShareRefusal.HOLDER_KEY, "nothing can be sealed to this key"));
  }

  private static Secret opened(Optional<Secret> content) {
    return content.orElseThrow(
        () ->
            new RefusalException(
                ShareRefusal.NOT_YOURS, "the share cannot be opened with this key"));
  }
}
