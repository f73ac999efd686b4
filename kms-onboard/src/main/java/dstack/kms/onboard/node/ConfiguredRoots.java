package dstack.kms.onboard.node;

import dstack.kms.attest.verify.TrustRoots;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.TrustAnchor;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The roots of trust as configured: the vendors', unless both switches allow other ones. */
final class ConfiguredRoots {
  private ConfiguredRoots() {}

  static TrustRoots of(KmsConfig config, SignatureVerifier signatures) {
    Map<TrustAnchor, Path> files = config.attestation().rootCa();
    if (!files.isEmpty() && !mayReplace(config)) {
      throw new RefusalException(
          NodeRefusal.CONFIGURATION,
          "external attestation trust anchors need insecure_allow_external_trust_anchors and"
              + " core.insecure_development");
    }
    Map<TrustAnchor, Bytes> external = new EnumMap<>(TrustAnchor.class);
    files.forEach((anchor, file) -> external.put(anchor, content(file)));
    return TrustRoots.replacing(external, signatures);
  }

  /** Whether both development switches are on (specification 00 §7). */
  static boolean mayReplace(KmsConfig config) {
    return config.attestation().externalTrustAnchors() && config.insecureDevelopment();
  }

  private static Bytes content(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw RefusalException.causedBy(
          NodeRefusal.CONFIGURATION, "cannot read the trust anchor " + file, e);
    }
  }
}
