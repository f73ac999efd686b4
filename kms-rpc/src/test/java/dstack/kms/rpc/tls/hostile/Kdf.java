package dstack.kms.rpc.tls.hostile;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** The key derivations of TLS 1.3 (RFC 8446 §7.1) and TLS 1.2 (RFC 5246 §5) with SHA-256. */
final class Kdf {
  private static final int HASH = 32;

  private Kdf() {}

  static byte[] sha256(byte[] content) {
    SHA256Digest digest = new SHA256Digest();
    digest.update(content, 0, content.length);
    byte[] hash = new byte[HASH];
    digest.doFinal(hash, 0);
    return hash;
  }

  static byte[] hmac(byte[] key, byte[] content) {
    HMac mac = new HMac(new SHA256Digest());
    mac.init(new KeyParameter(key));
    mac.update(content, 0, content.length);
    byte[] tag = new byte[HASH];
    mac.doFinal(tag, 0);
    return tag;
  }

  static byte[] expandLabel(byte[] secret, String label, byte[] context, int length) {
    byte[] info =
        Wire.concat(
            Wire.number(length, 2),
            Wire.vector(1, ("tls13 " + label).getBytes(StandardCharsets.US_ASCII)),
            Wire.vector(1, context));
    // Nothing here is longer than one block.
    return Wire.slice(hmac(secret, Wire.concat(info, Wire.bytes(1))), 0, length);
  }

  static byte[] deriveSecret(byte[] secret, String label, byte[] transcript) {
    return expandLabel(secret, label, sha256(transcript), HASH);
  }

  static byte[] prf(byte[] secret, String label, byte[] seed, int length) {
    byte[] labelled = Wire.concat(label.getBytes(StandardCharsets.US_ASCII), seed);
    byte[] result = {};
    byte[] a = labelled;
    while (result.length < length) {
      a = hmac(secret, a);
      result = Wire.concat(result, hmac(secret, Wire.concat(a, labelled)));
    }
    return Wire.slice(result, 0, length);
  }
}
