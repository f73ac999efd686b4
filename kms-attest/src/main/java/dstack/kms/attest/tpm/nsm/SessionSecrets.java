package dstack.kms.attest.tpm.nsm;

import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.attest.tpm.command.CommandCode;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The three formulas of an HMAC session with SHA-512 (specification 15 §9). */
final class SessionSecrets {
  private static final int KEY_BITS = 512;

  private SessionSecrets() {}

  /** KDFa: the session's key from the salt and both nonces, 64 bytes. */
  static byte[] sessionKey(byte[] salt, Bytes nonceTpm, Bytes nonceCaller) {
    Bytes context =
        new TpmWriter()
            .u32(1)
            .raw(Bytes.utf8("ATH\0"))
            .raw(nonceTpm)
            .raw(nonceCaller)
            .u32(KEY_BITS)
            .bytes();
    return hmac(salt, context);
  }

  /** The hash of a command: its code, the names behind its handles, its parameters. */
  static Bytes commandHash(CommandCode code, List<Bytes> names, Bytes parameters) {
    TpmWriter input = new TpmWriter().u32(code.value());
    names.forEach(input::raw);
    return Digests.sha512(input.raw(parameters).bytes());
  }

  /**
   * The proof of an authorization. A password that ends in zeros needs no stripping: key and
   * password together are one block of the hash, which HMAC pads with zeros anyway.
   */
  static Bytes proof(
      byte[] keyAndPassword, Bytes commandHash, Bytes nonceCaller, Bytes nonceTpm, int attributes) {
    Bytes signed =
        new TpmWriter().raw(commandHash).raw(nonceCaller).raw(nonceTpm).u8(attributes).bytes();
    return Bytes.of(hmac(keyAndPassword, signed));
  }

  private static byte[] hmac(byte[] key, Bytes message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA512");
      mac.init(new SecretKeySpec(key, "HmacSHA512"));
      return mac.doFinal(message.toArray());
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA512 and it takes any key", e);
    }
  }
}
