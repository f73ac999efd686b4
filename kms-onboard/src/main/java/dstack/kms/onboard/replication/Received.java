package dstack.kms.onboard.replication;

import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.client.ReceivedSecrets;
import dstack.kms.rpc.proto.KmsKeyResponse;
import dstack.kms.rpc.proto.KmsKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The secrets of one answer before anything is known about them; closing erases them. */
final class Received implements AutoCloseable {
  private final Secret tmpCa;
  private final List<Secret> rootCas = new ArrayList<>();
  private final List<Secret> k256s = new ArrayList<>();

  private Received(Secret tmpCa) {
    this.tmpCa = tmpCa;
  }

  /** Moves every secret out of the answer, however many there are. */
  static Received of(KmsKeyResponse answer) {
    Received received = new Received(ReceivedSecrets.take(answer.getTempCaKey()));
    for (KmsKeys keys : answer.getKeysList()) {
      received.rootCas.add(ReceivedSecrets.take(keys.getCaKey()));
      received.k256s.add(ReceivedSecrets.take(keys.getK256Key()));
    }
    return received;
  }

  /** The number of key sets. */
  int sets() {
    return rootCas.size();
  }

  /** The root CA key of the one set. */
  P256PrivateKey rootCa() {
    return parsed("Failed to parse CA key", rootCas.getFirst(), P256PrivateKey::fromPkcs8Pem);
  }

  /** The temp CA key. */
  P256PrivateKey tmpCa() {
    return parsed("Failed to parse tmp CA key", tmpCa, P256PrivateKey::fromPkcs8Pem);
  }

  /** The k256 key of the one set. */
  Secp256k1PrivateKey k256() {
    return parsed("Failed to parse ECDSA key", k256s.getFirst(), Secp256k1PrivateKey::ofScalar);
  }

  @Override
  public void close() {
    tmpCa.close();
    rootCas.forEach(Secret::close);
    k256s.forEach(Secret::close);
  }

  private static <K> K parsed(String otherwise, Secret secret, Function<Secret, K> parse) {
    try {
      return parse.apply(secret);
    } catch (RefusalException e) {
      throw new RefusalException(
          ReplicationRefusal.KEYS_INVALID, otherwise + ": " + e.text(), e.detail());
    }
  }
}
