package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.pem.PemArmor;
import java.util.List;

/** The PEM form of certificates: label {@code CERTIFICATE}, 64 columns, LF, trailing newline. */
public final class Pem {
  private static final String LABEL = "CERTIFICATE";

  private Pem() {}

  /** The PEM of a certificate's DER. */
  public static String encode(Bytes der) {
    return PemArmor.encode(LABEL, der);
  }

  /** The DER of the one certificate in the text. */
  public static Bytes decode(String text) {
    return PemArmor.decode(LABEL, text);
  }

  /** The DER of all certificates in the text, at least one. */
  public static List<Bytes> decodeAll(String text) {
    return PemArmor.decodeAll(LABEL, text);
  }
}
