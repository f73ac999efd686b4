package dstack.kms.sim.vendor;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** How certificates, lists and evidence are signed. */
public enum SigningScheme {
  ECDSA_SHA256("SHA256withECDSA", X9ObjectIdentifiers.ecdsa_with_SHA256),
  ECDSA_SHA384("SHA384withECDSA", X9ObjectIdentifiers.ecdsa_with_SHA384),
  /** Google's certificates and TPM quotes. */
  RSA_PKCS1_SHA256("SHA256withRSA", PKCSObjectIdentifiers.sha256WithRSAEncryption),
  /** AMD's: MGF1 with SHA-384, 48 bytes of salt. */
  RSA_PSS_SHA384("RSASSA-PSS", PKCSObjectIdentifiers.id_RSASSA_PSS);

  private static final int SALT_LENGTH = 48;

  private final String name;
  private final String oid;

  SigningScheme(String name, ASN1ObjectIdentifier oid) {
    this.name = name;
    this.oid = oid.getId();
  }

  Signature start() throws GeneralSecurityException {
    Signature signature = Signature.getInstance(name, isRsa() ? "SunRsaSign" : "SunEC");
    if (this == RSA_PSS_SHA384) {
      signature.setParameter(
          new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, SALT_LENGTH, 1));
    }
    return signature;
  }

  private boolean isRsa() {
    return this == RSA_PKCS1_SHA256 || this == RSA_PSS_SHA384;
  }

  AlgorithmIdentifier algorithm() {
    return switch (this) {
      case ECDSA_SHA256, ECDSA_SHA384 -> new AlgorithmIdentifier(new ASN1ObjectIdentifier(oid));
      case RSA_PKCS1_SHA256 ->
          new AlgorithmIdentifier(new ASN1ObjectIdentifier(oid), DERNull.INSTANCE);
      case RSA_PSS_SHA384 ->
          new AlgorithmIdentifier(new ASN1ObjectIdentifier(oid), pssParameters());
    };
  }

  private static ASN1Encodable pssParameters() {
    AlgorithmIdentifier hash =
        new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384, DERNull.INSTANCE);
    return new RSASSAPSSparams(
        hash,
        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, hash),
        new ASN1Integer(SALT_LENGTH),
        RSASSAPSSparams.DEFAULT_TRAILER_FIELD);
  }
}
