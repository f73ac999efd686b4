package dstack.kms.chain.signing;

import dstack.kms.core.secret.Secret;

/** A private key as text. */
public final class KeyText {
  private static final int DIGITS = 64;

  private KeyText() {}

  /**
   * The key in 64 hexadecimal digits after an optional {@code 0x}; white space around is ignored.
   * What is refused is not repeated.
   */
  public static Secret parse(String text) {
    String stripped = text.strip();
    int start = stripped.startsWith("0x") ? 2 : 0;
    if (stripped.length() - start != DIGITS) {
      throw malformed();
    }
    byte[] key = new byte[DIGITS / 2];
    for (int i = 0; i < key.length; i++) {
      int high = Character.digit(stripped.charAt(start + 2 * i), 16);
      int low = Character.digit(stripped.charAt(start + 2 * i + 1), 16);
      if (high < 0 || low < 0) {
        throw malformed();
      }
      key[i] = (byte) (high << 4 | low);
    }
    return Secret.takeOver(key);
  }

  private static dstack.kms.core.refusal.RefusalException malformed() {
    return SigningRefusal.KEY.because("a private key has 64 hexadecimal digits after 0x");
  }
}
