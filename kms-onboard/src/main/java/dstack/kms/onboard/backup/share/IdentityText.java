package dstack.kms.onboard.backup.share;

import com.exceptionfactory.jagged.bech32.Bech32;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.nio.CharBuffer;
import java.util.Arrays;

/** Reads holders' private keys; the text never becomes a {@link String}. */
final class IdentityText {
  private static final Bytes AGE = Bytes.utf8("AGE-SECRET-KEY-1");
  private static final Bytes PEM = Bytes.utf8("-----BEGIN ");
  private static final Bytes X25519_PKCS8 = Bytes.fromHex("302e020100300506032b656e04220420");

  private IdentityText() {}

  static HolderIdentity read(Secret file) {
    return file.expose(raw -> startsWith(raw, 0, PEM)) ? pem(file) : age(file);
  }

  private static HolderIdentity pem(Secret file) {
    try (Secret der = PemArmor.decodeSecret("PRIVATE KEY", file)) {
      int header = X25519_PKCS8.length();
      boolean isX25519 =
          der.length() == header + X25519.LENGTH
              && der.expose(raw -> startsWith(raw, 0, X25519_PKCS8));
      return isX25519
          ? new HolderIdentity.X25519Identity(SecretBytes.slice(der, header, der.length()))
          : new HolderIdentity.P256Identity(P256PrivateKey.fromPkcs8Der(der));
    } catch (RefusalException e) {
      throw bad("neither an X25519 nor a P-256 key in PKCS#8: " + e.text());
    }
  }

  /** The one identity in a file of lines, of which those that begin with {@code #} are remarks. */
  private static HolderIdentity age(Secret file) {
    return file.expose(
        raw -> {
          int from = -1;
          for (int at = 0; at < raw.length; at = lineEnd(raw, at) + 1) {
            if (startsWith(raw, at, AGE)) {
              if (from >= 0) {
                throw bad("it has more than one identity of age");
              }
              from = at;
            } else if (raw[at] != '#' && !isBlank(raw, at)) {
              throw bad("it is neither PEM nor an identity file of age");
            }
          }
          if (from < 0) {
            throw bad("there is no AGE-SECRET-KEY-1… in it");
          }
          return identity(raw, from, lineEnd(raw, from));
        });
  }

  private static HolderIdentity identity(byte[] raw, int from, int lineEnd) {
    int to = lineEnd > from && raw[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    char[] text = new char[to - from];
    for (int i = 0; i < text.length; i++) {
      text[i] = (char) (raw[from + i] & 0xff);
    }
    try {
      Secret key = Secret.takeOver(Bech32.getDecoder().decode(CharBuffer.wrap(text)).getData());
      if (key.length() != X25519.LENGTH) {
        key.close();
        throw bad("the identity of age is no X25519 key");
      }
      return new HolderIdentity.X25519Identity(key);
    } catch (IllegalArgumentException e) {
      // Its text may quote the key.
      throw bad("the identity of age is misspelled");
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  private static int lineEnd(byte[] raw, int from) {
    int at = from;
    while (at < raw.length && raw[at] != '\n') {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte[] raw, int from) {
    int end = lineEnd(raw, from);
    return end == from || (end == from + 1 && raw[from] == '\r');
  }

  private static boolean startsWith(byte[] raw, int at, Bytes prefix) {
    return raw.length - at >= prefix.length()
        && Bytes.of(raw, at, at + prefix.length()).equals(prefix);
  }

  private static RefusalException bad(String why) {
    return new RefusalException(
        ShareRefusal.IDENTITY, "the holder's private key cannot be read: " + why);
  }
}
