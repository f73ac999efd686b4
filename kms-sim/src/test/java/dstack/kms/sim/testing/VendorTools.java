package dstack.kms.sim.testing;

import dstack.kms.core.bytes.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Judges chains, lists and signatures of the simulated makers with openssl. */
public final class VendorTools {
  private final Openssl openssl;

  public VendorTools(Path folder) {
    openssl = new Openssl(folder);
  }

  /**
   * Whether the leaf is under the root at the time of the tests.
   *
   * @param between the CAs below the root
   */
  public Program chain(Bytes root, List<Bytes> between, Bytes leaf) {
    List<String> command = new ArrayList<>(List.of("verify", "-check_ss_sig", "-attime"));
    command.add(String.valueOf(TestPlatform.NOW.getEpochSecond()));
    command.addAll(List.of("-CAfile", pem("root.pem", List.of(root)).toString()));
    if (!between.isEmpty()) {
      command.addAll(List.of("-untrusted", pem("between.pem", between).toString()));
    }
    command.add(pem("leaf.pem", List.of(leaf)).toString());
    return openssl.run(command.toArray(String[]::new));
  }

  /** Whether the key of the certificate signed the message: a DER ECDSA or an RSA signature. */
  public Program signature(String digest, Bytes certificate, Bytes message, Bytes signature) {
    Path der = openssl.file("signer.der", certificate);
    Program key = openssl.run("x509", "-inform", "DER", "-in", der.toString(), "-noout", "-pubkey");
    return openssl.run(
        "dgst",
        "-" + digest,
        "-verify",
        openssl.file("signer.pem", Bytes.utf8(key.output())).toString(),
        "-signature",
        openssl.file("signature.bin", signature).toString(),
        openssl.file("message.bin", message).toString());
  }

  /** What openssl reads in a revocation list after checking its signature by the issuer. */
  public Program list(Bytes issuer, Bytes list) {
    return openssl.run(
        "crl",
        "-inform",
        "DER",
        "-in",
        openssl.file("list.der", list).toString(),
        "-CAfile",
        pem("issuer.pem", List.of(issuer)).toString(),
        "-noout",
        "-text");
  }

  private Path pem(String name, List<Bytes> certificates) {
    StringBuilder text = new StringBuilder();
    for (Bytes certificate : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n")
          .append(
              java.util.Base64.getMimeEncoder(64, new byte[] {'\n'})
                  .encodeToString(certificate.toArray()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return openssl.file(name, Bytes.utf8(text.toString()));
  }
}
