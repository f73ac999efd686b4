package dstack.kms.attest.collateral;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.net.URI;
import java.util.Optional;

/**
 * Fetches the documents of one key from one service, in the order of specification 11 §5, rows 1 to
 * 5. What comes back was not checked.
 */
final class CollateralFetch {
  private final Fetching fetching;
  private final Optional<String> rootRevocationListUri;

  /**
   * @param rootRevocationListUri where the trust anchor itself says that its list lies. The
   *     original takes the address out of what the service sent, which in honest answers is the
   *     same certificate and in others would let the service choose what we connect to.
   */
  CollateralFetch(Fetching fetching, Optional<String> rootRevocationListUri) {
    this.fetching = fetching;
    this.rootRevocationListUri = rootRevocationListUri;
  }

  Collateral fetch(CollateralEndpoint endpoint, CollateralKey key, Deadline deadline) {
    HttpAnswer pckCrl = fetching.getSuccess(endpoint.pckCrl(key), deadline);
    String pckCrlIssuerChain = pckCrl.decodedHeader("SGX-PCK-CRL-Issuer-Chain");
    HttpAnswer tcbInfo = fetching.getSuccess(endpoint.tcbInfo(key), deadline);
    String tcbInfoIssuerChain = tcbInfoIssuerChain(tcbInfo);
    String tcbInfoBody = tcbInfo.text("TCB Info");
    HttpAnswer qeIdentity = fetching.getSuccess(endpoint.qeIdentity(key), deadline);
    String qeIdentityIssuerChain = qeIdentity.decodedHeader("SGX-Enclave-Identity-Issuer-Chain");
    String qeIdentityBody = qeIdentity.text("QE Identity");
    Bytes rootCaCrl = rootCaCrl(endpoint, deadline);
    SignedText signedTcbInfo = SignedText.cut(tcbInfoBody, "tcbInfo", "TCB Info");
    SignedText signedQeIdentity = SignedText.cut(qeIdentityBody, "enclaveIdentity", "QE Identity");
    return new Collateral(
        pckCrlIssuerChain,
        rootCaCrl,
        pckCrl.body(),
        tcbInfoIssuerChain,
        signedTcbInfo.text(),
        signedTcbInfo.signature(),
        qeIdentityIssuerChain,
        signedQeIdentity.text(),
        signedQeIdentity.signature(),
        Optional.empty());
  }

  private static String tcbInfoIssuerChain(HttpAnswer answer) {
    return answer.header("SGX-TCB-Info-Issuer-Chain").isPresent()
        ? answer.decodedHeader("SGX-TCB-Info-Issuer-Chain")
        : answer.decodedHeader("TCB-Info-Issuer-Chain");
  }

  private Bytes rootCaCrl(CollateralEndpoint endpoint, Deadline deadline) {
    if (!endpoint.isIntelPcs()) {
      Optional<HttpAnswer> answer = successOf(endpoint.rootCaCrl(), deadline);
      if (answer.isPresent()) {
        return hex(answer.get());
      }
    }
    String uri =
        rootRevocationListUri.orElseThrow(
            () ->
                Fetching.unavailable("Could not find CRL distribution point in root certificate"));
    return fetching.getSuccess(address(uri), deadline).body();
  }

  /** The answer, or nothing: the next source is asked then. */
  private Optional<HttpAnswer> successOf(URI address, Deadline deadline) {
    try {
      HttpAnswer answer = fetching.get(address, deadline);
      return answer.isSuccess() ? Optional.of(answer) : Optional.empty();
    } catch (RefusalException refusal) {
      return Optional.empty();
    }
  }

  private static Bytes hex(HttpAnswer answer) {
    try {
      return Bytes.fromHex(answer.body().utf8Text());
    } catch (IllegalArgumentException e) {
      throw Fetching.unavailable("Failed to decode hex-encoded root CA CRL");
    }
  }

  private static URI address(String uri) {
    if (!uri.startsWith("https://") && !uri.startsWith("http://")) {
      throw Fetching.unavailable("Could not find CRL distribution point in root certificate");
    }
    try {
      return URI.create(uri);
    } catch (IllegalArgumentException e) {
      throw Fetching.unavailable("Could not find CRL distribution point in root certificate");
    }
  }
}
