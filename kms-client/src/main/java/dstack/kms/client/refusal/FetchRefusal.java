package dstack.kms.client.refusal;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why an enclave has no keys. */
public enum FetchRefusal implements RefusalCode {
  /** Nothing says which KMS is good. */
  NO_TRUST("fetch-no-trust", RefusalKind.INVALID),
  /** What shall be trusted is no root CA certificate or no root k256 key. */
  TRUST_MALFORMED("fetch-trust-malformed", RefusalKind.INVALID),
  /** The server's certificate does not lie under the given root CA. */
  OTHER_ROOT_CA("fetch-other-root-ca", RefusalKind.REFUSED),
  /** The server's certificate is not made out to the host in the URL. */
  OTHER_HOST("fetch-other-host", RefusalKind.REFUSED),
  /** The server's certificate is not valid now. */
  KMS_EXPIRED("fetch-kms-certificate-expired", RefusalKind.REFUSED),
  /** The server's certificate cannot be used. */
  KMS_CERTIFICATE("fetch-kms-certificate", RefusalKind.REFUSED),
  /** The server's certificate is not that of a KMS. */
  KMS_USAGE("fetch-kms-usage", RefusalKind.REFUSED),
  /** The server's certificate carries no evidence, and evidence was asked for. */
  KMS_WITHOUT_EVIDENCE("fetch-kms-without-evidence", RefusalKind.REFUSED),
  /** The authority does not let the server be a KMS. */
  KMS_NOT_ALLOWED("fetch-kms-not-allowed", RefusalKind.REFUSED),
  /** What the KMS says about itself does not hold together. */
  KMS_IDENTITY("fetch-kms-identity", RefusalKind.REFUSED),
  /** Another key answered the second connection than the first. */
  KMS_CHANGED("fetch-kms-changed", RefusalKind.REFUSED),
  /** The keys are signed by another root k256 key, or for another application. */
  OTHER_K256("fetch-other-k256-key", RefusalKind.REFUSED),
  /** The keys are not of the agreed form. */
  ANSWER("fetch-answer", RefusalKind.REFUSED),
  /** The keys come with another gateway than the expected one. */
  OTHER_GATEWAY("fetch-other-gateway", RefusalKind.REFUSED),
  /** The KMS does not know sealed answers, and plain ones were not allowed. */
  SEALED_UNKNOWN("fetch-sealed-unknown", RefusalKind.REFUSED),
  /** The sealed answer cannot be opened: it is for another key or another request. */
  SEALED_CLOSED("fetch-sealed-closed", RefusalKind.REFUSED),
  /** A plain answer would be believed without anything that proves the whole of it. */
  PLAIN_UNPROVEN("fetch-plain-unproven", RefusalKind.REFUSED),
  /** The policy does not let this enclave have keys. */
  DENIED("fetch-denied", RefusalKind.REFUSED),
  /** The KMS refuses for another reason. */
  REFUSED_BY_KMS("fetch-refused-by-kms", RefusalKind.REFUSED),
  /** The KMS cannot decide now. */
  KMS_NOT_READY("fetch-kms-not-ready", RefusalKind.UNAVAILABLE),
  /** This machine's evidence is not over what it was asked for. */
  OWN_EVIDENCE("fetch-own-evidence", RefusalKind.REFUSED),
  /** The certificate that the KMS issued is not the one that was asked for. */
  CERTIFICATE_CHAIN("fetch-certificate-chain", RefusalKind.REFUSED),
  /** The time for everything is over. */
  DEADLINE("fetch-deadline", RefusalKind.UNAVAILABLE),
  /** What was encrypted for the application cannot be opened. */
  ENVIRONMENT("fetch-environment", RefusalKind.REFUSED),
  /** The keys cannot be written. */
  OUTPUT("fetch-output", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  FetchRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }

  /** The refusal with that text. */
  public RefusalException because(String text) {
    return new RefusalException(this, text);
  }
}
