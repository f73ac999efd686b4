package dstack.kms.client.keys;

import dstack.kms.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** UTF-8 text with secrets in it, put together on the heap and wiped there when it is taken. */
final class SecretText {
  private static final HexFormat HEX = HexFormat.of();

  private byte[] content = new byte[4096];
  private int length;

  SecretText add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Lower-case hexadecimal digits. */
  SecretText addHex(Secret secret) {
    return secret.expose(
        raw -> {
          byte[] digits = new byte[2 * raw.length];
          for (int i = 0; i < raw.length; i++) {
            digits[2 * i] = (byte) HEX.toHighHexDigit(raw[i]);
            digits[2 * i + 1] = (byte) HEX.toLowHexDigit(raw[i]);
          }
          add(digits);
          Arrays.fill(digits, (byte) 0);
          return this;
        });
  }

  /** The text as a secret; nothing can be added afterwards. */
  Secret take() {
    byte[] whole = Arrays.copyOf(content, length);
    Arrays.fill(content, (byte) 0);
    content = new byte[0];
    return Secret.takeOver(whole);
  }

  private SecretText add(byte[] more) {
    if (length + more.length > content.length) {
      byte[] larger = Arrays.copyOf(content, 2 * (length + more.length));
      Arrays.fill(content, (byte) 0);
      content = larger;
    }
    System.arraycopy(more, 0, content, length, more.length);
    length += more.length;
    return this;
  }
}
