package dstack.kms.core.store;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Keys and certificates made by OpenSSL, written the way the original writes them. */
final class KeyFixtures {
  private KeyFixtures() {}

  /** Fills a directory like the original after a replication: no bootstrap-info.json. */
  static Path originalDirectory(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : List.of("root-ca", "tmp-ca", "rpc")) {
      String key = directory.resolve(name + ".key").toString();
      openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key);
      String crt = directory.resolve(name + ".crt").toString();
      openssl("req", "-x509", "-key", key, "-subj", "/CN=" + name, "-days", "9", "-out", crt);
    }
    byte[] scalar = new byte[32];
    scalar[31] = 1;
    Files.write(directory.resolve("root-k256.key"), scalar);
    Files.writeString(directory.resolve("rpc-domain"), "kms.example.org");
    return directory;
  }

  /** The same as a value; the k256 scalar is 1, its public key the generator of SEC 2. */
  static KeyMaterial material(Path original, boolean bootstrapped) throws IOException {
    KeySet keys =
        new KeySet(
            secret(original, "root-ca.key"),
            secret(original, "tmp-ca.key"),
            secret(original, "rpc.key"),
            secret(original, "root-k256.key"));
    return new KeyMaterial(
        keys,
        new CertificateSet(
            Files.readString(original.resolve("root-ca.crt")),
            Files.readString(original.resolve("tmp-ca.crt")),
            Files.readString(original.resolve("rpc.crt"))),
        Files.readString(original.resolve("rpc-domain")),
        bootstrapped ? Optional.of(bootstrapInfo(original)) : Optional.empty());
  }

  static BootstrapInfo bootstrapInfo(Path original) throws IOException {
    Path der = original.resolveSibling("public.der");
    String key = original.resolve("root-ca.key").toString();
    openssl("pkey", "-in", key, "-pubout", "-outform", "DER", "-out", der.toString());
    return new BootstrapInfo(
        Bytes.of(Files.readAllBytes(der)),
        Bytes.fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
        Bytes.fromHex("00010203"));
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  static String text(Secret secret) {
    return secret.expose(raw -> new String(raw, StandardCharsets.ISO_8859_1));
  }

  private static Secret secret(Path directory, String name) throws IOException {
    return Secret.takeOver(Files.readAllBytes(directory.resolve(name)));
  }

  private static void openssl(String... arguments) {
    try {
      List<String> command = new java.util.ArrayList<>(List.of(arguments));
      command.addFirst(Tool.require("openssl").toString());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("openssl " + String.join(" ", arguments));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
