package dstack.kms.client.fetch;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Tells why a handshake ended at the server's certificate. */
final class UntrustedServer {
  private static final int DEEPEST = 8;

  private UntrustedServer() {}

  static RefusalException refusal(RpcUrl url, ServerTrust trust, RefusalException e) {
    if (trust instanceof ServerTrust.PinnedKey) {
      return because(
          FetchRefusal.KMS_CHANGED,
          "the key of "
              + url.authority()
              + " changed between two connections: somebody stands in between, or several KMSes"
              + " answer under this name (name one of them). Nothing of this machine was sent",
          e);
    }
    Throwable cause = e.getCause();
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return because(
            FetchRefusal.KMS_EXPIRED,
            "the certificate of " + url.authority() + " is not valid now",
            e);
      }
      if (isAboutTheName(String.valueOf(cause.getMessage()))) {
        return because(
            FetchRefusal.OTHER_HOST,
            "the certificate of " + url.authority() + " is made out to another host",
            e);
      }
      cause = cause.getCause();
    }
    return because(
        FetchRefusal.OTHER_ROOT_CA,
        "the certificate of " + url.authority() + " does not lie under the expected root CA",
        e);
  }

  private static boolean isAboutTheName(String message) {
    return message.startsWith("No name matching") || message.startsWith("No subject alternative");
  }

  private static RefusalException because(FetchRefusal code, String text, RefusalException cause) {
    return new RefusalException(code, text, cause.detail());
  }
}
