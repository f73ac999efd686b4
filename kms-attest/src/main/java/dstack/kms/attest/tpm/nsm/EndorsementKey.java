package dstack.kms.attest.tpm.nsm;

import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.encodings.OAEPEncoding;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyParameters;

/**
 * The RSA-2048 endorsement key of the default template, to which a session's salt is encrypted.
 *
 * @param modulus 2,048 bits
 */
record EndorsementKey(BigInteger modulus) {
  private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);
  private static final int MODULUS_LENGTH = 256;
  private static final int SALT_LENGTH = 32;

  /**
   * Everything in front of the exponent: algorithms, attributes, policy, AES-128-CFB, 2,048 bits.
   */
  private static final Bytes HEAD =
      Bytes.fromHex(
          "0001000b000300b2"
              + "0020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa"
              + "000600800043"
              + "0010"
              + "0800");

  private static final byte[] LABEL = {'S', 'E', 'C', 'R', 'E', 'T', 0};

  /** The TPMT_PUBLIC to create it from: the exponent's default, an empty modulus. */
  static Bytes template() {
    return new TpmWriter().raw(HEAD).u32(0).sized(Bytes.zeros(MODULUS_LENGTH)).bytes();
  }

  /** The key of a TPMT_PUBLIC that a TPM made from {@link #template()}. */
  static EndorsementKey read(Bytes publicArea) {
    TpmReader fields = new TpmReader(publicArea);
    Bytes head = fields.take(HEAD.length(), "public area");
    int exponent = fields.u32("exponent");
    Bytes modulus = fields.sized("modulus");
    fields.requireEnd("the public area");
    boolean isExpected =
        head.equals(HEAD)
            && (exponent == 0 || exponent == EXPONENT.intValue())
            && modulus.length() == MODULUS_LENGTH
            && modulus.at(0) >= 0x80
            && (modulus.at(MODULUS_LENGTH - 1) & 1) == 1;
    if (!isExpected) {
      throw TpmRefusal.MALFORMED_ANSWER.because("the endorsement key is not of its template");
    }
    return new EndorsementKey(requireUsable(new BigInteger(1, modulus.toArray())));
  }

  /** The library refuses moduli with small factors, and with an exception of its own. */
  private static BigInteger requireUsable(BigInteger modulus) {
    try {
      return new RSAKeyParameters(false, modulus, EXPONENT).getModulus();
    } catch (IllegalArgumentException e) {
      throw RefusalException.causedBy(
          TpmRefusal.MALFORMED_ANSWER, "the endorsement key is no RSA key", e);
    }
  }

  /** RSA-OAEP with SHA-256 and the label {@code SECRET}, its zero byte included. */
  Bytes encrypt(byte[] salt, SecureRandom random) {
    if (salt.length != SALT_LENGTH) {
      throw new IllegalArgumentException("a salt has 32 bytes");
    }
    OAEPEncoding oaep =
        new OAEPEncoding(new RSAEngine(), new SHA256Digest(), new SHA256Digest(), LABEL);
    RSAKeyParameters key = new RSAKeyParameters(false, modulus, EXPONENT);
    oaep.init(true, new ParametersWithRandom(key, random));
    try {
      return Bytes.of(oaep.processBlock(salt, 0, salt.length));
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("32 bytes fit RSA-2048", e);
    }
  }
}
