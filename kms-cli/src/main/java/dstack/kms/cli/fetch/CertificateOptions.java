package dstack.kms.cli.fetch;

import dstack.kms.client.fetch.CertificateWish;
import dstack.kms.client.fetch.CertifiedKey;
import dstack.kms.client.keys.OutputFile;
import dstack.kms.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A certificate that the KMS shall issue for a fresh key. */
final class CertificateOptions {
  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description =
          "Have a certificate issued for a fresh key; the chain of three is written here.")
  private @Nullable Path certificate;

  @Option(
      names = "--certificate-key",
      paramLabel = "FILE",
      description = "The key of the certificate, PKCS#8 in PEM, is written here, mode 0600.")
  private @Nullable Path key;

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      defaultValue = "app",
      description = "Common name in the certificate (default: ${DEFAULT-VALUE}).")
  private String subject;

  @Option(
      names = "--alt-name",
      paramLabel = "NAME",
      description = "IP address or DNS name in the certificate; may be repeated.")
  private List<String> altNames = List.of();

  /** What is wished for; half a wish is wrong usage. */
  Optional<CertificateWish> wish(CommandLine command) {
    if ((certificate == null) != (key == null)) {
      throw new ParameterException(command, "--certificate and --certificate-key belong together");
    }
    return certificate == null
        ? Optional.empty()
        : Optional.of(new CertificateWish(subject, altNames));
  }

  /** Where something is to be written. */
  Stream<OutputFile> files() {
    return Stream.of(Optional.ofNullable(certificate), Optional.ofNullable(key))
        .flatMap(Optional::stream)
        .map(OutputFile::new);
  }

  /** Writes what was issued: the key first, so that no certificate lies there without it. */
  void write(CertifiedKey certified, SecureRandom random) {
    if (certificate == null || key == null) {
      return;
    }
    byte[] chain = String.join("", certified.chain()).getBytes(StandardCharsets.UTF_8);
    try (Secret pem = certified.key().pkcs8Pem();
        Secret text = Secret.takeOver(chain)) {
      new OutputFile(key).write(pem, random);
      new OutputFile(certificate).write(text, random);
    }
  }
}
