package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** PEM blocks with lines of 64 characters and {@code \n}. */
public final class PemText {
  private PemText() {}

  /** One block. */
  public static String encode(String label, Bytes der) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    String body = lines.encodeToString(der.toArray());
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  /** The content of the first block of that label. */
  public static Bytes decode(String label, String pem) {
    String begin = "-----BEGIN " + label + "-----";
    int from = pem.indexOf(begin);
    int to = pem.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no PEM block " + label);
    }
    return Bytes.of(Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to)));
  }
}
