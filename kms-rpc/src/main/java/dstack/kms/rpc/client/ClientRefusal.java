package dstack.kms.rpc.client;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a call to another server gave no answer. */
public enum ClientRefusal implements RefusalCode {
  /** The URL is not one to call. */
  BAD_URL("client-url", RefusalKind.INVALID),
  /** What names the proxy is not the address of one. */
  BAD_PROXY("client-proxy-url", RefusalKind.INVALID),
  /** The proxy does not open a connection to the server. */
  PROXY_REFUSED("client-proxy-refused", RefusalKind.UNAVAILABLE),
  /** No connection, no handshake or no answer in time. */
  UNREACHABLE("client-unreachable", RefusalKind.UNAVAILABLE),
  /** What answers does not speak TLS. */
  NOT_TLS("client-server-not-tls", RefusalKind.REFUSED),
  /** The handshake ended without a certificate of the server. */
  NO_CERTIFICATE("client-no-server-certificate", RefusalKind.REFUSED),
  /** The server's certificate is not the one to trust. */
  UNTRUSTED("client-untrusted-server", RefusalKind.REFUSED),
  /** The server answered that it will not. */
  REFUSED_BY_SERVER("client-refused-by-server", RefusalKind.REFUSED),
  /** The server points elsewhere; nobody follows. */
  REDIRECTED("client-redirected", RefusalKind.REFUSED),
  /** The answer is too large or not of the agreed form. */
  MALFORMED_ANSWER("client-malformed-answer", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  ClientRefusal(String code, RefusalKind kind) {
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
}
