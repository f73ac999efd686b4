package dstack.kms.chain.signing;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.security.MessageDigest;
import java.util.Optional;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.CTRModeCipher;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A key under a password, in the form of Web3 Secret Storage version 3: scrypt or PBKDF2, AES-128
 * in counter mode, and a Keccak-256 over the second half of the derived key and the ciphertext.
 */
public final class KeyFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final PasswordHash hash;
  private final Bytes ciphertext;
  private final Bytes iv;
  private final Bytes mac;
  private final Optional<Bytes> address;

  private KeyFile(
      PasswordHash hash, Bytes ciphertext, Bytes iv, Bytes mac, Optional<Bytes> address) {
    this.hash = hash;
    this.ciphertext = ciphertext;
    this.iv = iv;
    this.mac = mac;
    this.address = address;
  }

  /** Reads the JSON of a key file; refuses other versions, methods, and sizes. */
  public static KeyFile parse(String json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) { // without its text: it may quote the file
      throw KeyFileFields.refused("it is not JSON");
    }
    if (root.path("version").asInt(0) != 3) {
      throw KeyFileFields.refused("its version is not 3");
    }
    JsonNode crypto = root.has("crypto") ? root.path("crypto") : root.path("Crypto");
    KeyFileFields.require(crypto, "cipher", "aes-128-ctr");
    Bytes ciphertext = KeyFileFields.bytes(crypto, "ciphertext", 32);
    Bytes iv = KeyFileFields.bytes(crypto.path("cipherparams"), "iv", 16);
    Bytes mac = KeyFileFields.bytes(crypto, "mac", 32);
    Optional<Bytes> address =
        root.hasNonNull("address")
            ? Optional.of(KeyFileFields.bytes(root, "address", 20))
            : Optional.empty();
    return new KeyFile(PasswordHash.of(crypto), ciphertext, iv, mac, address);
  }

  /** The key; refused if the password is another, or the key is of another account than named. */
  public KeySigner open(Secret password) {
    try (Secret derived = hash.derive(password);
        Secret scalar = derived.expose(this::decrypted)) {
      requireAddress(scalar);
      return KeySigner.of(scalar);
    }
  }

  private Secret decrypted(byte[] derived) {
    Bytes found = Keccak.keccak256(Bytes.of(derived, 16, 32), ciphertext);
    if (!MessageDigest.isEqual(found.toArray(), mac.toArray())) {
      throw SigningRefusal.PASSWORD.because("the password does not open the key file");
    }
    CTRModeCipher cipher = SICBlockCipher.newInstance(AESEngine.newInstance());
    cipher.init(false, new ParametersWithIV(new KeyParameter(derived, 0, 16), iv.toArray()));
    byte[] plain = new byte[32];
    cipher.processBytes(ciphertext.toArray(), 0, 32, plain, 0);
    return Secret.takeOver(plain);
  }

  private void requireAddress(Secret scalar) {
    try (Secp256k1PrivateKey key = Secp256k1PrivateKey.ofScalar(scalar)) {
      Bytes found = KeyAddress.of(key.publicKey()).value();
      if (address.isPresent() && !address.get().equals(found)) {
        throw new RefusalException(
            SigningRefusal.KEY_FILE, "the key file names another account than its key has");
      }
    }
  }
}
