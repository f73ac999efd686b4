package dstack.kms.onboard.replication;

import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.KmsKeyResponse;

/**
 * The keys of the very KMS that the source proved to be: private keys of exactly the public keys in
 * its identity. Closing erases them.
 */
final class SourceKeys implements AutoCloseable {
  private final P256PrivateKey rootCa;
  private final P256PrivateKey tmpCa;
  private final Secp256k1PrivateKey k256;

  private SourceKeys(P256PrivateKey rootCa, P256PrivateKey tmpCa, Secp256k1PrivateKey k256) {
    this.rootCa = rootCa;
    this.tmpCa = tmpCa;
    this.k256 = k256;
  }

  /**
   * Takes the keys out of the answer, whose own copies are wiped, and compares them with the
   * identity.
   */
  static SourceKeys of(KmsKeyResponse answer, SourceIdentity identity, OwnKeys own) {
    try (Received received = Received.of(answer)) {
      requireOne(received.sets());
      SourceKeys keys = parsed(received);
      try {
        keys.requireOf(identity, own);
        return keys;
      } catch (RefusalException e) {
        keys.close();
        throw e;
      }
    }
  }

  private static SourceKeys parsed(Received received) {
    P256PrivateKey rootCa = received.rootCa();
    try {
      P256PrivateKey tmpCa = received.tmpCa();
      try {
        return new SourceKeys(rootCa, tmpCa, received.k256());
      } catch (RefusalException e) {
        tmpCa.close();
        throw e;
      }
    } catch (RefusalException e) {
      rootCa.close();
      throw e;
    }
  }

  /** The root CA key. */
  P256PrivateKey rootCa() {
    return rootCa;
  }

  /** The temp CA key. */
  P256PrivateKey tmpCa() {
    return tmpCa;
  }

  /** The root k256 key. */
  Secp256k1PrivateKey k256() {
    return k256;
  }

  @Override
  public void close() {
    rootCa.close();
    tmpCa.close();
    k256.close();
  }

  private static void requireOne(int sets) {
    if (sets == 0) {
      throw new RefusalException(
          ReplicationRefusal.SOURCE_WITHOUT_KEYS, "Invalid keys: the source gave none");
    }
    if (sets != 1) {
      throw new RefusalException(
          ReplicationRefusal.KEYS_INVALID, "Invalid keys: the source gave " + sets + " sets");
    }
  }

  private void requireOf(SourceIdentity identity, OwnKeys own) {
    own.requireForeign(rootCa.publicKey().subjectPublicKeyInfo());
    require(rootCa.publicKey().equals(identity.rootCa()), "the CA key");
    require(tmpCa.publicKey().equals(identity.tempCaKey().publicKey()), "the temp CA key");
    require(k256.publicKey().equals(identity.k256()), "the k256 key");
  }

  private static void require(boolean belongs, String what) {
    if (!belongs) {
      throw new RefusalException(
          ReplicationRefusal.KEYS_SUBSTITUTED,
          what + " that arrived is not the one of the KMS whose evidence was verified");
    }
  }
}
