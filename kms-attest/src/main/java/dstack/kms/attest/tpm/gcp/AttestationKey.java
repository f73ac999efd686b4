package dstack.kms.attest.tpm.gcp;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.client.NvIndex;
import dstack.kms.attest.tpm.client.PrimaryKey;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attestation key that Google provisioned, loaded; closing flushes it.
 *
 * <p>It is not persistent: an NV index holds its template, and the same template under the same
 * endorsement seed makes the same key (specification 14 §2.1).
 *
 * @param kind which of the two keys
 * @param key the loaded key
 */
record AttestationKey(Kind kind, PrimaryKey key) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AttestationKey.class);

  /** The two keys and where their template and certificate lie. */
  enum Kind {
    ECC(new TpmHandle(0x01C1_0003), new TpmHandle(0x01C1_0002)),
    RSA(new TpmHandle(0x01C1_0001), new TpmHandle(0x01C1_0000));

    private final TpmHandle template;
    private final TpmHandle certificate;

    Kind(TpmHandle template, TpmHandle certificate) {
      this.template = template;
      this.certificate = certificate;
    }
  }

  /** Loads the ECC key, or after any failure the RSA key. */
  static AttestationKey load(Tpm tpm) {
    try {
      return load(tpm, Kind.ECC);
    } catch (RefusalException e) {
      LOG.info("ECC attestation key is not available, using RSA: {}", e.text());
      return load(tpm, Kind.RSA);
    }
  }

  private static AttestationKey load(Tpm tpm, Kind kind) {
    Bytes template =
        new NvIndex(tpm, kind.template)
            .read()
            .orElseThrow(() -> missing(kind, "template", kind.template));
    return new AttestationKey(kind, tpm.primaryKey(TpmHandle.ENDORSEMENT, template));
  }

  /** Its certificate, DER as the index holds it. */
  Bytes certificate(Tpm tpm) {
    return new NvIndex(tpm, kind.certificate)
        .read()
        .orElseThrow(() -> missing(kind, "certificate", kind.certificate));
  }

  private static RefusalException missing(Kind kind, String what, TpmHandle index) {
    return TpmRefusal.NOT_PROVISIONED.because(
        kind + " attestation key " + what + " not found at NV " + index);
  }

  TpmHandle handle() {
    return key.handle();
  }

  @Override
  public void close() {
    key.close();
  }
}
