package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;

/** The value of a measurement register that began as zeros and was extended with digests. */
public final class RegisterReplay {
  private RegisterReplay() {}

  /** The register of a SHA-384 bank after these digests, 48 bytes. */
  public static Bytes sha384(List<Bytes> digests) {
    Bytes register = Bytes.zeros(48);
    for (Bytes digest : digests) {
      register = Digests.sha384(register, digest);
    }
    return register;
  }

  /** The register of a SHA-256 bank after these digests, 32 bytes. */
  public static Bytes sha256(List<Bytes> digests) {
    Bytes register = Bytes.zeros(32);
    for (Bytes digest : digests) {
      register = Digests.sha256(register, digest);
    }
    return register;
  }
}
