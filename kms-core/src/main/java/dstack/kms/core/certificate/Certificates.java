package dstack.kms.core.certificate;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * Issues the certificates of a KMS, one method for each profile of specification 02 §5.
 *
 * <p>All are valid from 1975 for ten years from now unless said otherwise; serial numbers are a
 * function of the key; signatures are not reproducible. Results are PEM texts.
 */
public final class Certificates {
  static final Instant DEFAULT_NOT_BEFORE = Instant.parse("1975-01-01T00:00:00Z");

  private static final Duration LIFETIME = Duration.ofDays(3650);
  private static final String ORGANIZATION = "Dstack";

  private final InstantSource clock;

  /** Issues by this clock. */
  public Certificates(InstantSource clock) {
    this.clock = clock;
  }

  /** The root CA: signs itself, and at most one CA level lies below it. */
  public CertificateAuthority rootCa(P256PrivateKey key) {
    return selfSigned(key, "Dstack KMS CA", 1);
  }

  /** The CA of temporary client certificates; its key is public, so it vouches for nothing. */
  public CertificateAuthority tempCa(P256PrivateKey key) {
    return selfSigned(key, "Dstack Client Temp CA", 0);
  }

  /** The server certificate of a KMS for one domain or IP address. */
  public String rpc(
      CertificateAuthority root, P256PublicKey key, String domain, Optional<Bytes> attestation) {
    CertificateTemplate template =
        template(key)
            .commonName(domain)
            .altName(SubjectAltName.of(domain))
            .usage(SpecialUsage.KMS_RPC);
    attestation.ifPresent(bytes -> template.extension(KmsExtension.ATTESTATION, bytes));
    return root.issue(template);
  }

  /** The CA of one application, under its derived key. */
  public CertificateAuthority appCa(CertificateAuthority root, P256PrivateKey key, AppId appId) {
    CertificateTemplate template =
        template(key.publicKey())
            .organization(ORGANIZATION)
            .commonName("Dstack App CA")
            .authority(0)
            .extension(KmsExtension.APP_ID, appId.value())
            .usage(SpecialUsage.APP_CA);
    return CertificateAuthority.of(root.issue(template), key);
  }

  /**
   * The certificate that an application asked for, under its CA. Its usage is always {@code
   * app:custom}. Refuses names and a validity outside the rules of specification 00 §9.
   */
  public String appLeaf(CertificateAuthority appCa, LeafRequest request) {
    LeafValidity validity = LeafValidity.of(request, appCa, clock.instant());
    CertificateTemplate template =
        new CertificateTemplate(request.key(), validity.notBefore(), validity.notAfter());
    request.organizationIfAny().ifPresent(template::organization);
    template.commonName(request.commonName());
    request.altNames().forEach(name -> template.altName(SubjectAltName.of(name)));
    if (request.serverAuth()) {
      template.purpose(KeyPurposeId.id_kp_serverAuth);
    }
    if (request.clientAuth()) {
      template.purpose(KeyPurposeId.id_kp_clientAuth);
    }
    template.extension(KmsExtension.APP_ID, request.appId().value());
    request.appInfoIfAny().ifPresent(info -> template.extension(KmsExtension.APP_INFO, info));
    template.usage(SpecialUsage.APP_CUSTOM);
    request
        .attestationIfAny()
        .ifPresent(evidence -> template.extension(KmsExtension.ATTESTATION, evidence));
    return appCa.issue(template);
  }

  /** The client certificate of a KMS that turns to another one. */
  public String tempClient(CertificateAuthority tempCa, P256PublicKey key, Bytes attestation) {
    return tempCa.issue(
        template(key)
            .commonName("RA-TLS TEMP Cert")
            .extension(KmsExtension.ATTESTATION, attestation));
  }

  /** The same under its own key and no CA: what counts is the evidence (specification 00 §9). */
  public String selfIssuedClient(P256PrivateKey key, Bytes attestation) {
    CertificateTemplate template =
        template(key.publicKey())
            .commonName("RA-TLS TEMP Cert")
            .extension(KmsExtension.ATTESTATION, attestation);
    return Pem.encode(CertificateSigner.sign(template, template.subject(), key));
  }

  static Instant defaultNotAfter(Instant now) {
    return now.plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS);
  }

  private CertificateAuthority selfSigned(P256PrivateKey key, String name, int pathLength) {
    CertificateTemplate template =
        template(key.publicKey()).organization(ORGANIZATION).commonName(name).authority(pathLength);
    Bytes der = CertificateSigner.sign(template, template.subject(), key);
    return CertificateAuthority.of(Pem.encode(der), key);
  }

  private CertificateTemplate template(P256PublicKey key) {
    return new CertificateTemplate(key, DEFAULT_NOT_BEFORE, defaultNotAfter(clock.instant()));
  }
}
