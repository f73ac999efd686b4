package dstack.kms.client.keys;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * {@code app_keys.json} as the original writes it (specification 15 §7): two spaces, this order,
 * hexadecimal without {@code 0x}, no line end after the last brace.
 */
public final class AppKeysFile {
  private AppKeysFile() {}

  /** The text. */
  public static Secret text(VerifiedAppKeys keys) {
    KmsIdentity kms = keys.kms();
    SecretText text = new SecretText();
    try (Secret scalar = keys.k256Key().scalar()) {
      text.add("{\n  \"disk_crypt_key\": \"").addHex(keys.diskCryptKey());
      text.add("\",\n  \"env_crypt_key\": \"").addHex(keys.envCryptKey());
      text.add("\",\n  \"k256_key\": \"").addHex(scalar);
    }
    text.add("\",\n  \"k256_signature\": \"" + keys.k256Signature().value());
    text.add("\",\n  \"gateway_app_id\": " + quoted(keys.gatewayAppId()));
    text.add(",\n  \"ca_cert\": " + quoted(kms.rootCaPem()));
    text.add(",\n  \"key_provider\": {\n    \"Kms\": {\n      \"url\": " + quoted(kms.url()));
    text.add(",\n      \"pubkey\": \"" + spki(kms.rootCa()));
    text.add("\",\n      \"tmp_ca_key\": " + quoted(kms.tempCaKeyPem()));
    text.add(",\n      \"tmp_ca_cert\": " + quoted(kms.tempCaPem()));
    return text.add("\n    }\n  }\n}").take();
  }

  /**
   * Writes it in one step, mode 0600: either the whole file is there afterwards, or what was there
   * before.
   *
   * @throws RefusalException with {@link FetchRefusal#OUTPUT}
   */
  public static void write(VerifiedAppKeys keys, Path file, SecureRandom random) {
    try (Secret text = text(keys)) {
      write(text, file, random);
    }
  }

  /** The same of any secret text. */
  public static void write(Secret text, Path file, SecureRandom random) {
    FileActions files = new PosixFileActions();
    Path target = file.toAbsolutePath();
    byte[] suffix = new byte[8];
    random.nextBytes(suffix);
    Path fresh =
        target.resolveSibling(
            "." + target.getFileName() + "." + HexFormat.of().formatHex(suffix) + ".tmp");
    try {
      files.write(fresh, text);
      files.sync(fresh);
      files.rename(fresh, target);
      files.sync(target.resolveSibling("."));
    } catch (IOException e) {
      remove(fresh);
      throw RefusalException.causedBy(FetchRefusal.OUTPUT, "cannot write " + file, e);
    }
  }

  private static void remove(Path fresh) {
    try {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      throw RefusalException.causedBy(
          FetchRefusal.OUTPUT, "cannot write, and cannot remove " + fresh, e);
    }
  }

  private static Bytes spki(P256PublicKey key) {
    return key.subjectPublicKeyInfo();
  }

  /** A JSON text; everything below a space as serde escapes it. */
  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> json.append(c < ' ' ? "\\u00" + HexFormat.of().toHexDigits((byte) c) : c);
      }
    }
    return json.append('"').toString();
  }
}
