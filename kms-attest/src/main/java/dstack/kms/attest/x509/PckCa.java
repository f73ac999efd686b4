package dstack.kms.attest.x509;

import java.nio.charset.StandardCharsets;

/** Which of Intel's two authorities issued a PCK certificate. */
public enum PckCa {
  /** Single-socket platforms. */
  PROCESSOR("processor"),
  /** Multi-socket platforms, all TDX hosts among them. */
  PLATFORM("platform");

  private final String id;

  PckCa(String id) {
    this.id = id;
  }

  /** The name in the URL of its revocation list. */
  public String id() {
    return id;
  }

  /** The authority that the issuer's name speaks of; {@code PROCESSOR} if it speaks of neither. */
  public static PckCa ofIssuer(UnverifiedCertificate pckLeaf) {
    return named(pckLeaf.issuer());
  }

  /** The authority that the certificate's own name speaks of, likewise. */
  public static PckCa ofSubject(UnverifiedCertificate authority) {
    return named(authority.subject());
  }

  private static PckCa named(DistinguishedName distinguishedName) {
    // Intel's names are ASCII in every encoding, so the bytes of the whole name can be searched.
    String name = new String(distinguishedName.der().toArray(), StandardCharsets.ISO_8859_1);
    if (name.contains("Processor")) {
      return PROCESSOR;
    }
    return name.contains("Platform") ? PLATFORM : PROCESSOR;
  }
}
