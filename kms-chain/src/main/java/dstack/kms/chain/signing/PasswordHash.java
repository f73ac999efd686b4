package dstack.kms.chain.signing;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;
import tools.jackson.databind.JsonNode;

/** From a password to 32 bytes of key, as a key file says. */
sealed interface PasswordHash {
  /** 32 bytes. */
  Secret derive(Secret password);

  static PasswordHash of(JsonNode crypto) {
    JsonNode parameters = crypto.path("kdfparams");
    Bytes salt = KeyFileFields.bytes(parameters, "salt");
    if (KeyFileFields.number(parameters, "dklen", 64) != 32) {
      throw KeyFileFields.refused("dklen must be 32");
    }
    return switch (crypto.path("kdf").asString("")) {
      case "scrypt" -> Scrypt.of(parameters, salt);
      case "pbkdf2" -> Pbkdf2.of(parameters, salt);
      default -> throw KeyFileFields.refused("kdf must be scrypt or pbkdf2");
    };
  }

  /** Needs 128 times n times r bytes of memory, at most 512 MiB. */
  record Scrypt(Bytes salt, int n, int r, int p) implements PasswordHash {
    private static final long MAX_BYTES = 512L << 20;

    static Scrypt of(JsonNode parameters, Bytes salt) {
      int n = KeyFileFields.number(parameters, "n", 1 << 22);
      int r = KeyFileFields.number(parameters, "r", 64);
      int p = KeyFileFields.number(parameters, "p", 16);
      if (Integer.bitCount(n) != 1 || n < 2 || 128L * n * r > MAX_BYTES) {
        throw KeyFileFields.refused("n must be a power of two and need at most 512 MiB");
      }
      return new Scrypt(salt, n, r, p);
    }

    @Override
    public Secret derive(Secret password) {
      return password.expose(
          raw -> Secret.takeOver(SCrypt.generate(raw, salt.toArray(), n, r, p, 32)));
    }
  }

  /** With HMAC-SHA-256. */
  record Pbkdf2(Bytes salt, int rounds) implements PasswordHash {
    static Pbkdf2 of(JsonNode parameters, Bytes salt) {
      KeyFileFields.require(parameters, "prf", "hmac-sha256");
      return new Pbkdf2(salt, KeyFileFields.number(parameters, "c", 10_000_000));
    }

    @Override
    public Secret derive(Secret password) {
      return password.expose(
          raw -> {
            PKCS5S2ParametersGenerator generator =
                new PKCS5S2ParametersGenerator(new SHA256Digest());
            generator.init(raw, salt.toArray(), rounds);
            KeyParameter key = (KeyParameter) generator.generateDerivedMacParameters(256);
            return Secret.takeOver(key.getKey());
          });
    }
  }
}
