package dstack.kms.sim.testing;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Judges the simulated platform's signatures with an independent implementation. */
public final class Openssl {
  private final Path folder;

  public Openssl(Path folder) {
    this.folder = folder;
  }

  /** Runs {@code openssl} with these arguments. */
  public Program run(String... arguments) {
    return Program.run("openssl", arguments);
  }

  /** A file in the test's folder. */
  public Path file(String name, Bytes content) {
    try {
      return Files.write(folder.resolve(name), content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the signature over the SHA-256 of the message holds under the key. */
  public boolean verifies(P256PublicKey key, Bytes message, EcdsaSignature signature) {
    String spki = Base64.getEncoder().encodeToString(key.subjectPublicKeyInfo().toArray());
    Path publicKey =
        file(
            "key.pem",
            Bytes.utf8("-----BEGIN PUBLIC KEY-----\n" + spki + "\n-----END PUBLIC KEY-----\n"));
    Program verdict =
        run(
            "dgst",
            "-sha256",
            "-verify",
            publicKey.toString(),
            "-signature",
            file("signature.der", signature.toDer()).toString(),
            file("message.bin", message).toString());
    return verdict.status() == 0 && verdict.output().contains("Verified OK");
  }
}
