package dstack.kms.sim.tpm;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.vendor.KeyKind;
import dstack.kms.sim.vendor.SigningScheme;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorFolder;
import dstack.kms.sim.vendor.VendorKey;
import dstack.kms.sim.vendor.VendorRecipe;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;

/** A simulated Google: a root and an intermediate CA of attestation keys. */
public final class TpmAuthority {
  private static final String ORGANIZATION =
      ",OU=SIMULATED Google Cloud,O=SIMULATED Google LLC,L=Nowhere,ST=California,C=US";
  private static final String AK_PURPOSE = "2.23.133.8.1";
  private static final String INSTANCE = "1.3.6.1.4.1.11129.2.1.21";
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEARS = Duration.ofDays(20 * 365);

  private final VendorFolder folder;

  private TpmAuthority(VendorFolder folder) {
    this.folder = folder;
  }

  /** The maker of attestation keys' certificates, in the platform's folder. */
  public static TpmAuthority open(Path home, InstantSource clock, SecureRandom random) {
    return new TpmAuthority(
        VendorFolder.open(
            home.resolve("gcp-tpm"),
            new VendorFolder.Root(
                "CN=SIMULATED EK/AK CA Root" + ORGANIZATION,
                KeyKind.RSA,
                SigningScheme.RSA_PKCS1_SHA256,
                recipe -> recipe.purpose(AK_PURPOSE)),
            Map.of("intermediate", KeyKind.RSA, "ak-rsa", KeyKind.RSA, "ak-ecc", KeyKind.P256),
            clock,
            random));
  }

  /** The keys and the root. */
  public VendorFolder folder() {
    return folder;
  }

  /** The CA of attestation keys; it names the root's list and certificate. */
  public VendorCertificate intermediate(String documents) {
    return intermediateRecipe(documents).signedBy(folder.root());
  }

  VendorRecipe intermediateRecipe(String documents) {
    return folder
        .recipe(
            "CN=SIMULATED EK/AK CA Intermediate" + ORGANIZATION, key("intermediate"), DAY, YEARS)
        .authority()
        .signsWith(SigningScheme.RSA_PKCS1_SHA256)
        .purpose(AK_PURPOSE)
        .issuerCertificate(documents + "/gcp-tpm/root.crt")
        .revocationList(documents + "/gcp-tpm/root.crl");
  }

  /** An attestation key; every machine of the folder has the same. */
  VendorKey attestationKey(AkKind kind) {
    return key(
        switch (kind) {
          case ECC -> "ak-ecc";
          case RSA -> "ak-rsa";
        });
  }

  private VendorKey key(String name) {
    return folder.key(name);
  }

  /** The certificate of a machine's attestation key; it names the intermediate's certificate. */
  VendorRecipe attestationRecipe(String documents, VendorKey key, int device) {
    BigInteger instance =
        new BigInteger(
            1, Digests.sha256(Bytes.utf8("SIMULATED VM " + device)).slice(0, 7).toArray());
    String subject =
        "CN=" + instance + ",OU=simulated-project,O=SIMULATED Compute Engine,L=us-simulated1-a";
    return folder
        .recipe(subject, key, DAY, YEARS)
        .issuerCertificate(documents + "/gcp-tpm/intermediate.crt")
        .extension(INSTANCE, false, instance(instance));
  }

  /** Zone, project number, project id, instance id, instance name (specification 14 §4). */
  private static ASN1Encodable instance(BigInteger id) {
    return new DERSequence(
        new ASN1Encodable[] {
          new DERUTF8String("us-simulated1-a"),
          new ASN1Integer(4711),
          new DERUTF8String("simulated-project"),
          new ASN1Integer(id),
          new DERUTF8String("simulated"),
        });
  }
}
