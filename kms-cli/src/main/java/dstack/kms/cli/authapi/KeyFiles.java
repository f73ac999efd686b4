package dstack.kms.cli.authapi;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the files that the options name; a refusal names the file. */
final class KeyFiles {
  private static final String CERTIFICATE = "CERTIFICATE";

  private KeyFiles() {}

  /** At least one. */
  static List<Bytes> certificates(Path file) {
    try {
      return PemArmor.decodeAll(CERTIFICATE, Files.readString(file));
    } catch (IOException e) {
      throw RefusalException.causedBy(AuthApiRefusal.TLS, "cannot read " + file, e);
    } catch (RefusalException e) {
      throw e.within(file.toString());
    }
  }

  static P256PrivateKey privateKey(Path file) {
    try (Secret pem = Secret.takeOver(Files.readAllBytes(file))) {
      return P256PrivateKey.fromPkcs8Pem(pem);
    } catch (IOException e) {
      throw RefusalException.causedBy(AuthApiRefusal.TLS, "cannot read " + file, e);
    } catch (RefusalException e) {
      throw e.within(file.toString());
    }
  }
}
