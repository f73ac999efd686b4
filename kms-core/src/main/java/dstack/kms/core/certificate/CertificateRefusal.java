package dstack.kms.core.certificate;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a certificate is not taken or not issued. */
public enum CertificateRefusal implements RefusalCode {
  CERTIFICATE_MALFORMED("certificate-malformed"),
  CERTIFICATE_TOO_LARGE("certificate-too-large"),
  EXTENSION_DUPLICATE("certificate-extension-duplicate"),
  EXTENSION_MALFORMED("certificate-extension-malformed"),
  CA_KEY_MISMATCH("ca-key-mismatch"),
  CA_NOT_USABLE("ca-not-usable"),
  VALIDITY("certificate-validity"),
  SUBJECT_ALT_NAME("certificate-subject-alt-name"),
  APP_INFO("certificate-app-info");

  private final String code;

  CertificateRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.REFUSED;
  }
}
