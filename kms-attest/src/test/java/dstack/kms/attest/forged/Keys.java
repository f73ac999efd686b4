package dstack.kms.attest.forged;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.secret.Secret;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Fixed P-256 keys by name. */
public final class Keys {
  private static final Map<String, P256PrivateKey> KEYS = new ConcurrentHashMap<>();

  private static final Map<Signed, EcdsaSignature> SIGNATURES = new ConcurrentHashMap<>();

  private Keys() {}

  private record Signed(String key, Bytes message) {}

  /** The same signature each time, so that what is built twice is equal. */
  public static EcdsaSignature sign(String name, Bytes message) {
    return SIGNATURES.computeIfAbsent(
        new Signed(name, message), signed -> named(name).sign(message));
  }

  public static P256PrivateKey named(String name) {
    return KEYS.computeIfAbsent(
        name,
        n -> P256PrivateKey.ofScalar(Secret.takeOver(Digests.sha256(Bytes.utf8(n)).toArray())));
  }
}
