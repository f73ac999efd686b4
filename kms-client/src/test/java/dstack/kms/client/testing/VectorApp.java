package dstack.kms.client.testing;

import com.google.protobuf.ByteString;
import dstack.kms.client.keys.KmsIdentity;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.derivation.KeyDerivation;
import dstack.kms.core.derivation.RootKeys;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.testkit.Vectors;
import java.security.SecureRandom;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/**
 * The first application of the vectors and the answer that its KMS would give, without a server.
 */
public final class VectorApp {
  private final JsonNode root = Vectors.json("keys.json").at("/roots/0");
  private final JsonNode app = root.at("/apps/0");
  private final P256PrivateKey ca = P256PrivateKey.ofScalar(secret(root.at("/root_ca/scalar")));
  private final Secp256k1PrivateKey k256 =
      Secp256k1PrivateKey.ofScalar(secret(root.at("/root_k256/scalar")));
  private final CertificateAuthority authority = new Certificates(TestPlatform.CLOCK).rootCa(ca);

  private static Secret secret(JsonNode hex) {
    return Secret.takeOver(HexFormat.of().parseHex(hex.asString()));
  }

  /** Its id. */
  public AppId id() {
    return new AppId(TestPlatform.APP);
  }

  /** What the root signs. */
  public KeyDerivation derivation() {
    return new KeyDerivation(new RootKeys(ca, k256));
  }

  /** The root CA. */
  public CertificateAuthority rootCa() {
    return authority;
  }

  /** The root k256 key. */
  public Secp256k1PublicKey k256() {
    return k256.publicKey();
  }

  /** The KMS as an enclave knows it after it was verified. */
  public KmsIdentity kms() {
    P256PrivateKey temp = P256PrivateKey.generate(new SecureRandom());
    try (Secret pem = temp.pkcs8Pem()) {
      return new KmsIdentity(
          "https://kms.example/prpc",
          authority.pem(),
          ca.publicKey(),
          new Certificates(TestPlatform.CLOCK).tempCa(temp).pem(),
          pem.expose(raw -> new String(raw, java.nio.charset.StandardCharsets.US_ASCII)),
          k256());
    }
  }

  /** A value of the application in the vectors. */
  public Bytes vector(String pointer) {
    return Bytes.fromHex(app.at(pointer).asString());
  }

  /** The right answer, to be changed. */
  public AppKeyResponse.Builder answer() {
    return AppKeyResponse.newBuilder()
        .setCaCert(authority.pem())
        .setDiskCryptKey(string("/disk/disk_crypt_key"))
        .setEnvCryptKey(string("/env/env_crypt_key"))
        .setK256Key(string("/k256/k256_key"))
        .setK256Signature(string("/k256/k256_signature"))
        .setGatewayAppId("gateway-1")
        .setTproxyAppId("gateway-1");
  }

  private ByteString string(String pointer) {
    return ByteString.copyFrom(vector(pointer).toArray());
  }
}
