package dstack.kms.cli.device;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.client.NvIndex;
import dstack.kms.attest.tpm.client.PrimaryKey;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.Authorization;
import dstack.kms.attest.tpm.command.NvDefineSpace;
import dstack.kms.attest.tpm.command.NvPublic;
import dstack.kms.attest.tpm.command.NvUndefineSpace;
import dstack.kms.attest.tpm.command.PcrExtend;
import dstack.kms.attest.tpm.transport.TpmAddress;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.sim.tpm.TpmAuthority;
import dstack.kms.sim.vendor.SigningScheme;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.testkit.SoftwareTpm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/**
 * A software TPM with what Google provisions (specification 14 §8): the template of an attestation
 * key and the certificate that a simulated Google issues for what this very TPM makes of it.
 */
final class GoogleTpm implements AutoCloseable {
  private static final int TEMPLATE = 0x01C1_0003;
  private static final int CERTIFICATE = 0x01C1_0002;

  /** The TPMT_PUBLIC of a restricted P-256 signing key, as Google's index holds it. */
  private static final Bytes ECC_TEMPLATE =
      Bytes.fromHex(
          "0023000b000500720000001000180"
              + "00b000300100020"
              + "00".repeat(32)
              + "0020"
              + "00".repeat(32));

  private final SoftwareTpm software = SoftwareTpm.overUnixSocket();

  /** Booted with these events. */
  static GoogleTpm booted(
      TpmAuthority authority,
      String documents,
      List<TpmQuote.TpmEvent> boot,
      RuntimeEvents runtime) {
    GoogleTpm tpm = new GoogleTpm();
    boolean done = false;
    try {
      tpm.provision(authority, documents);
      tpm.measure(boot, runtime);
      done = true;
      return tpm;
    } finally {
      if (!done) {
        tpm.close();
      }
    }
  }

  String address() {
    return software.address();
  }

  /** Puts the certificate of another maker in the place of the one that is there. */
  void recertify(TpmAuthority authority, String documents) {
    try (Tpm tpm = open()) {
      tpm.run(new NvUndefineSpace(new TpmHandle(CERTIFICATE)));
      store(tpm, CERTIFICATE, certificate(authority, documents, publicKey(tpm)));
    }
  }

  /** One more event than anybody knows of. */
  void extend(int register, Bytes digest) {
    try (Tpm tpm = open()) {
      tpm.run(new PcrExtend(register, TpmHash.SHA256, digest));
    }
  }

  private void provision(TpmAuthority authority, String documents) {
    try (Tpm tpm = open()) {
      store(tpm, TEMPLATE, ECC_TEMPLATE);
      store(tpm, CERTIFICATE, certificate(authority, documents, publicKey(tpm)));
    }
  }

  private void measure(List<TpmQuote.TpmEvent> boot, RuntimeEvents runtime) {
    try (Tpm tpm = open()) {
      boot.forEach(
          event -> tpm.run(new PcrExtend((int) event.pcrIndex(), TpmHash.SHA256, event.digest())));
      runtime.events().forEach(event -> tpm.run(new PcrExtend(14, TpmHash.SHA256, event.sha256())));
    }
  }

  private Tpm open() {
    return Tpm.open(
        TpmAddress.parse(software.address()).connector(Duration.ofSeconds(20)), RetryRule.STANDARD);
  }

  private static void store(Tpm tpm, int index, Bytes content) {
    TpmHandle handle = new TpmHandle(index);
    tpm.run(
        new NvDefineSpace(
            NvPublic.of(handle, TpmHash.SHA256, NvPublic.OWNER_READ_WRITE, content.length()),
            Bytes.EMPTY));
    new NvIndex(tpm, handle).write(TpmHandle.OWNER, content, Authorization.EMPTY_PASSWORD);
  }

  private static Bytes publicKey(Tpm tpm) {
    try (PrimaryKey key = tpm.primaryKey(TpmHandle.ENDORSEMENT, ECC_TEMPLATE)) {
      Bytes area = key.publicArea();
      TpmReader point = new TpmReader(area.slice(area.length() - 68, area.length()));
      Bytes bytes = Bytes.concat(Bytes.of(new byte[] {4}), point.sized("x"), point.sized("y"));
      return P256PublicKey.fromPoint(bytes).orElseThrow().subjectPublicKeyInfo();
    }
  }

  private static Bytes certificate(TpmAuthority authority, String documents, Bytes spki) {
    VendorCertificate issuer = authority.intermediate(documents);
    Instant now = authority.folder().now();
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            issuer.certificate().getSubject(),
            new BigInteger(1, Digests.sha256(spki).slice(0, 16).toArray()).setBit(126),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(365))),
            new X500Name("CN=4711,OU=simulated-project,O=SIMULATED Compute Engine"),
            SubjectPublicKeyInfo.getInstance(spki.toArray()));
    try {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(
          Extension.authorityInfoAccess,
          false,
          new AuthorityInformationAccess(
              AccessDescription.id_ad_caIssuers,
              new GeneralName(
                  GeneralName.uniformResourceIdentifier, documents + "/gcp-tpm/intermediate.crt")));
      return Bytes.of(builder.build(new Signer(issuer)).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Signs with the intermediate's key, which stays where it is. */
  private static final class Signer implements ContentSigner {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final VendorCertificate issuer;

    Signer(VendorCertificate issuer) {
      this.issuer = issuer;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withRSA");
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      return issuer
          .key()
          .sign(SigningScheme.RSA_PKCS1_SHA256, Bytes.of(content.toByteArray()))
          .toArray();
    }
  }

  @Override
  public void close() {
    software.close();
  }
}
