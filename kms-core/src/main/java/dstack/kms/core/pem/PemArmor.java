package dstack.kms.core.pem;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Reads and writes PEM blocks.
 *
 * <p>Written are 64 columns, LF and a trailing newline. Read are blocks of the one label that was
 * asked for, with LF or CRLF, blank lines between blocks and nothing else; texts of at most 1 MiB.
 */
public final class PemArmor {
  private static final int MAX_LENGTH = 1 << 20;
  private static final byte[] LF = {'\n'};

  private PemArmor() {}

  /** One block with that label around the bytes. */
  public static String encode(String label, Bytes der) {
    return new String(armor(label, der.toArray()), StandardCharsets.US_ASCII);
  }

  /** One block with that label around the secret, itself a secret. */
  public static Secret encodeSecret(String label, Secret der) {
    return der.expose(raw -> Secret.takeOver(armor(label, raw)));
  }

  /** The content of all blocks, of which there must be at least one, all with that label. */
  public static List<Bytes> decodeAll(String label, String text) {
    List<Bytes> contents = new ArrayList<>();
    for (byte[] block : blocks(label, text.getBytes(StandardCharsets.UTF_8))) {
      contents.add(Bytes.of(block));
    }
    return List.copyOf(contents);
  }

  /** The content of the one block with that label. */
  public static Bytes decode(String label, String text) {
    List<Bytes> contents = decodeAll(label, text);
    if (contents.size() != 1) {
      throw malformed("more than one block");
    }
    return contents.getFirst();
  }

  /** The content of the one block with that label, itself a secret. */
  public static Secret decodeSecret(String label, Secret text) {
    List<byte[]> blocks = text.expose(raw -> blocks(label, raw));
    if (blocks.size() != 1) {
      blocks.forEach(block -> Arrays.fill(block, (byte) 0));
      throw malformed("more than one block");
    }
    return Secret.takeOver(blocks.getFirst());
  }

  private static byte[] armor(String label, byte[] der) {
    byte[] body = Base64.getMimeEncoder(64, LF).encode(der);
    byte[] begin = ascii("-----BEGIN " + label + "-----\n");
    byte[] end = ascii("\n-----END " + label + "-----\n");
    byte[] text = new byte[begin.length + body.length + end.length];
    System.arraycopy(begin, 0, text, 0, begin.length);
    System.arraycopy(body, 0, text, begin.length, body.length);
    System.arraycopy(end, 0, text, begin.length + body.length, end.length);
    Arrays.fill(body, (byte) 0);
    return text;
  }

  private static List<byte[]> blocks(String label, byte[] text) {
    if (text.length > MAX_LENGTH) {
      throw new RefusalException(PemRefusal.TOO_LONG, "PEM text is above 1 MiB");
    }
    PemLines lines = new PemLines(text);
    List<byte[]> blocks = new ArrayList<>();
    while (lines.skipBlank()) {
      if (!lines.takeIfEqual(ascii("-----BEGIN " + label + "-----"))) {
        throw malformed("expected the line -----BEGIN " + label + "-----");
      }
      blocks.add(body(lines, ascii("-----END " + label + "-----")));
    }
    if (blocks.isEmpty()) {
      throw malformed("no block " + label);
    }
    return blocks;
  }

  private static byte[] body(PemLines lines, byte[] end) {
    WipedBuffer base64 = new WipedBuffer();
    try {
      while (!lines.takeIfEqual(end)) {
        if (!lines.take(base64)) {
          throw malformed("the block does not end");
        }
      }
      return base64.decode();
    } finally {
      base64.wipe();
    }
  }

  static RefusalException malformed(String why) {
    return new RefusalException(PemRefusal.MALFORMED, "malformed PEM: " + why);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Collects base64 that may be secret. */
  private static final class WipedBuffer extends ByteArrayOutputStream {
    WipedBuffer() {
      super(8192);
    }

    byte[] decode() {
      if (count == 0 || count % 4 != 0) {
        throw malformed("the base64 is not whole");
      }
      byte[] exact = Arrays.copyOf(buf, count);
      try {
        return Base64.getDecoder().decode(exact);
      } catch (IllegalArgumentException e) {
        throw malformed("the base64 has a foreign character");
      } finally {
        Arrays.fill(exact, (byte) 0);
      }
    }

    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
