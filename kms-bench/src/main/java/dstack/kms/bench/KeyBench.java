package dstack.kms.bench;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.derivation.IssuedAppKey;
import dstack.kms.core.derivation.KeyDerivation;
import dstack.kms.core.derivation.RootKeys;
import dstack.kms.core.secret.Secret;
import java.security.SecureRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Derivation of one application's keys and the signatures beside it. */
@State(Scope.Benchmark)
public class KeyBench {
  private static final Bytes DIGEST = Bytes.zeros(32);

  private final SecureRandom random = new SecureRandom();
  private final RootKeys roots =
      new RootKeys(P256PrivateKey.generate(random), Secp256k1PrivateKey.generate(random));
  private final KeyDerivation derivation = new KeyDerivation(roots);
  private final AppId app = new AppId(Bytes.fromHex("11".repeat(20)));
  private final InstanceId instance = new InstanceId(Bytes.fromHex("33".repeat(20)));
  private final Bytes message = Bytes.zeros(632);

  /** Everything that one GetAppKey derives. */
  @Benchmark
  public void derive(Blackhole sink) {
    try (Secret disk = derivation.diskCryptKey(app, instance);
        Secret env = derivation.envCryptKey(app);
        IssuedAppKey issued = derivation.issuedAppKey(app)) {
      sink.consume(disk);
      sink.consume(env);
      sink.consume(issued.signature());
    }
  }

  /** Its unavoidable parts: two P-256 public keys, one of secp256k1, one signature, its check. */
  @Benchmark
  public void deriveFloor(Blackhole sink) {
    try (Secret first = roots.ca().scalar();
        P256PrivateKey one = P256PrivateKey.ofScalar(first);
        P256PrivateKey two = P256PrivateKey.ofScalar(first);
        Secret second = roots.k256().scalar();
        Secp256k1PrivateKey three = Secp256k1PrivateKey.ofScalar(second)) {
      sink.consume(one.publicKey());
      sink.consume(two.publicKey());
      sink.consume(three.signDigest(DIGEST));
    }
  }

  @Benchmark
  public EcdsaSignature signP256() {
    return roots.ca().sign(message);
  }

  @Benchmark
  public RecoverableSignature signSecp256k1() {
    return roots.k256().signDigest(DIGEST);
  }
}
