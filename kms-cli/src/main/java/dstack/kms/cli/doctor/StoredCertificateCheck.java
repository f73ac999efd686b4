package dstack.kms.cli.doctor;

import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.EpochFolder;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Whether the clock stands before the node's own certificates were made, or after they ended. */
final class StoredCertificateCheck implements HostCheck {
  private static final String NAME = "stored-keys";

  @Override
  public List<Finding> look(Host host) {
    Path folder = EpochFolder.of(host.config().certDir(), host.config().epoch());
    Path file = folder.resolve("root-ca.crt");
    if (!Files.exists(file)) {
      return List.of(Finding.ok(NAME, "none yet; the server will wait to be set up"));
    }
    try {
      ParsedCertificate root = ParsedCertificate.parse(Pem.decode(Files.readString(file)));
      return List.of(judged(root, host.context().clock().instant()));
    } catch (IOException e) {
      return List.of(
          Finding.problem(NAME, "cannot be read: " + e.getMessage(), "Run as the server's user."));
    } catch (RefusalException e) {
      return List.of(Findings.of(NAME, e, "Restore root-ca.crt from a backup."));
    }
  }

  private static Finding judged(ParsedCertificate root, Instant now) {
    if (now.isBefore(root.notBefore())) {
      return Finding.problem(
          NAME,
          "were made at " + root.notBefore() + ", but the clock says " + now,
          "Set the clock.");
    }
    return now.isAfter(root.notAfter())
        ? Finding.problem(
            NAME, "their root certificate ended at " + root.notAfter(), "Check the clock.")
        : Finding.ok(NAME, "are here, made at " + root.notBefore());
  }
}
