package dstack.kms.acceptance;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A client's P-256 key and the certificates that openssl makes for it; none of our code is
 * involved.
 */
public final class ClientKey {
  private final Path folder;
  private final String name;
  public final Path key;

  /** Makes a key and keeps its files in the folder under that name. */
  public ClientKey(Path folder, String name) {
    this.folder = folder;
    this.name = name;
    key = folder.resolve(name + ".key");
    openssl(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        key.toString());
  }

  /** SHA-512 of {@code ratls-cert:} and the key's DER, as 128 hexadecimal digits. */
  public String reportData() {
    Path der = folder.resolve(name + ".spki");
    openssl("pkey", "-in", key.toString(), "-pubout", "-outform", "DER", "-out", der.toString());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update("ratls-cert:".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(der)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** A self-issued certificate that carries the evidence. */
  public Path selfIssued(Path evidence) {
    Path certificate = folder.resolve(name + "-self.crt");
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        key.toString(),
        "-config",
        config(evidence, false).toString(),
        "-days",
        "2",
        "-out",
        certificate.toString());
    return certificate;
  }

  /** A certificate with the evidence, issued by the given CA as a dstack guest does it. */
  Path issuedBy(Path caCertificate, Path caKey, Path evidence) {
    Path request = folder.resolve(name + ".csr");
    Path certificate = folder.resolve(name + "-temp.crt");
    Path config = config(evidence, true);
    openssl(
        "req",
        "-new",
        "-key",
        key.toString(),
        "-config",
        config.toString(),
        "-out",
        request.toString());
    openssl(
        "x509",
        "-req",
        "-in",
        request.toString(),
        "-CA",
        caCertificate.toString(),
        "-CAkey",
        caKey.toString(),
        "-set_serial",
        "0x4711",
        "-days",
        "2",
        "-extfile",
        config.toString(),
        "-extensions",
        "evidence",
        "-out",
        certificate.toString());
    return certificate;
  }

  private Path config(Path evidence, boolean keyUsage) {
    byte[] content;
    try {
      content = Files.readAllBytes(evidence);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String nested = HexFormat.ofDelimiter(":").formatHex(octetString(content));
    String text =
        "[req]\ndistinguished_name = name\nx509_extensions = evidence\nprompt = no\n"
            + "[name]\nCN = RA-TLS TEMP Cert\n[evidence]\n"
            + (keyUsage ? "keyUsage = critical, digitalSignature\n" : "")
            + "1.3.6.1.4.1.62397.1.8 = DER:"
            + nested
            + "\n";
    Path file = folder.resolve(name + ".cnf");
    Program.write(file, text);
    return file;
  }

  private static byte[] octetString(byte[] content) {
    String length = Integer.toHexString(content.length);
    String digits = length.length() % 2 == 0 ? length : "0" + length;
    String header = "04" + Integer.toHexString(0x80 + digits.length() / 2) + digits;
    byte[] prefix = HexFormat.of().parseHex(header);
    byte[] all = java.util.Arrays.copyOf(prefix, prefix.length + content.length);
    System.arraycopy(content, 0, all, prefix.length, content.length);
    return all;
  }

  private static void openssl(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Tool.require("openssl").toString());
    command.addAll(List.of(arguments));
    Program.run(command).success();
  }
}
