package dstack.kms.client.keys;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.derivation.RootStatements;
import dstack.kms.core.derivation.SealedAnswer;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.client.ReceivedSecrets;
import dstack.kms.rpc.proto.AppKeyResponse;
import java.util.Optional;

/**
 * What an answer must be: the keys of this application, from this KMS.
 *
 * @param app whose keys
 * @param kms from whom
 * @param gatewayAppId the gateway that must come with them, if one is expected
 */
public record ExpectedKeys(AppId app, KmsIdentity kms, Optional<String> gatewayAppId) {
  private static final int KEY = 32;
  private static final int LONGEST_GATEWAY = 256;

  /** Refuses a sealed answer that the KMS's root k256 key did not sign for the application. */
  public void requireSigned(SealedAnswer answer, Bytes signature) {
    requireRoot(
        RootStatements.signerOfSealedKeys(app, answer, signature(signature)), "the sealed answer");
  }

  /**
   * Takes the keys out of an answer, whose own copies are wiped, and checks them.
   *
   * @throws RefusalException with a {@link FetchRefusal}
   */
  public VerifiedAppKeys verify(AppKeyResponse answer) {
    Secret disk = ReceivedSecrets.take(answer.getDiskCryptKey());
    Secret env = ReceivedSecrets.take(answer.getEnvCryptKey());
    try (Secret scalar = ReceivedSecrets.take(answer.getK256Key())) {
      requireLength("disk_crypt_key", disk);
      requireLength("env_crypt_key", env);
      requireLength("k256_key", scalar);
      requireRootCa(answer.getCaCert());
      Bytes image = Bytes.of(answer.getOsImageHash().toByteArray());
      require(image.isEmpty() || image.length() == KEY, "os_image_hash is no hash");
      RecoverableSignature signature = signature(Bytes.of(answer.getK256Signature().toByteArray()));
      String gateway = gateway(answer);
      Secp256k1PrivateKey key = Secp256k1PrivateKey.ofScalar(scalar);
      try {
        requireRoot(
            RootStatements.signerOfAppKey(app, key.publicKey(), signature), "k256_signature");
        return new VerifiedAppKeys(app, kms, disk, env, key, signature, gateway, image);
      } catch (RefusalException e) {
        key.close();
        throw e;
      }
    } catch (RefusalException e) {
      disk.close();
      env.close();
      throw e;
    }
  }

  private void requireRoot(Optional<Secp256k1PublicKey> signer, String what) {
    if (!signer.equals(Optional.of(kms.k256()))) {
      throw FetchRefusal.OTHER_K256.because(
          what
              + " is not by the root k256 key "
              + kms.k256().compressed()
              + " for the app id "
              + app
              + ": another KMS made it, or it is for another application");
    }
  }

  /** The certificate may have been renewed between two answers, the key may not. */
  private void requireRootCa(String pem) {
    ParsedCertificate given = certificate(pem);
    require(
        given.spki().equals(kms.rootCa().subjectPublicKeyInfo()),
        "ca_cert is another root CA than that of the KMS");
  }

  private static ParsedCertificate certificate(String pem) {
    try {
      return ParsedCertificate.parse(Pem.decode(pem));
    } catch (RefusalException e) {
      throw FetchRefusal.ANSWER.because(
          "the answer cannot be used: ca_cert is no certificate: " + e.text());
    }
  }

  private String gateway(AppKeyResponse answer) {
    String gateway = answer.getGatewayAppId();
    require(
        answer.getTproxyAppId().isEmpty() || answer.getTproxyAppId().equals(gateway),
        "tproxy_app_id is not gateway_app_id");
    require(
        gateway.length() <= LONGEST_GATEWAY && gateway.matches("[!-~]*"),
        "gateway_app_id is not printable");
    if (gatewayAppId.isPresent() && !gatewayAppId.get().equals(gateway)) {
      throw FetchRefusal.OTHER_GATEWAY.because(
          "the keys come with the gateway \""
              + gateway
              + "\", expected is \""
              + gatewayAppId.get()
              + "\"");
    }
    return gateway;
  }

  private static RecoverableSignature signature(Bytes value) {
    try {
      return new RecoverableSignature(value);
    } catch (RefusalException e) {
      throw FetchRefusal.ANSWER.because("the answer cannot be used: " + e.text());
    }
  }

  private static void requireLength(String name, Secret key) {
    require(key.length() == KEY, name + " has " + key.length() + " bytes, expected " + KEY);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw FetchRefusal.ANSWER.because("the answer cannot be used: " + otherwise);
    }
  }
}
