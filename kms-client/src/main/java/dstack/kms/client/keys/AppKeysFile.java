package dstack.kms.client.keys;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.secret.Secret;
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
   * Writes it, see {@link OutputFile}.
   *
   * @throws dstack.kms.core.refusal.RefusalException with {@link
   *     dstack.kms.client.refusal.FetchRefusal#OUTPUT}
   */
  public static void write(VerifiedAppKeys keys, Path file, SecureRandom random) {
    try (Secret text = text(keys)) {
      new OutputFile(file).write(text, random);
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
