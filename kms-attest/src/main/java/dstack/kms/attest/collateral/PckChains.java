package dstack.kms.attest.collateral;

import dstack.kms.attest.quote.CertificationData;
import dstack.kms.attest.quote.EncryptedPpid;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Finds the PCK chain of a quote: inside it, or at a service that knows the platform. A fetched
 * chain is not kept, because only the verification of the quote can tell whether it is good.
 */
final class PckChains {
  private static final int TCBM_LENGTH = 18;

  private final Fetching fetching;
  private final List<CollateralEndpoint> endpoints;
  private final Semaphore permits;

  /**
   * @param most how many chains may be fetched at the same time: anybody can name any platform, and
   *     nothing about it is verified before its chain is there
   */
  PckChains(Fetching fetching, List<CollateralEndpoint> endpoints, int most) {
    this.fetching = fetching;
    this.endpoints = List.copyOf(endpoints);
    permits = new Semaphore(most);
  }

  /** The chain as PEM; may be anything at all. */
  String chainOf(UnverifiedQuote quote, Deadline deadline) {
    CertificationData certification = quote.signatureData().certification();
    return switch (certification.type()) {
      case CertificationData.PCK_CHAIN ->
          new String(certification.data().toArray(), StandardCharsets.ISO_8859_1);
      case CertificationData.ENCRYPTED_PPID_2048, CertificationData.ENCRYPTED_PPID_3072 ->
          fetchIfFree(quote.header().qeId(), EncryptedPpid.of(certification), deadline);
      default ->
          throw new RefusalException(
              CollateralRefusal.CERTIFICATION_DATA,
              "Unsupported certification data type: " + certification.type());
    };
  }

  /** Whether the chain stands in the quote itself. */
  static boolean isInside(UnverifiedQuote quote) {
    return quote.signatureData().certification().type() == CertificationData.PCK_CHAIN;
  }

  private String fetchIfFree(Bytes qeId, EncryptedPpid platform, Deadline deadline) {
    if (!permits.tryAcquire()) {
      throw Fetching.unavailable("too many PCK certificates are being fetched; try again");
    }
    try {
      return fetchFromAny(qeId, platform, deadline);
    } finally {
      permits.release();
    }
  }

  private String fetchFromAny(Bytes qeId, EncryptedPpid platform, Deadline deadline) {
    Optional<RefusalException> first = Optional.empty();
    int left = endpoints.size();
    for (CollateralEndpoint endpoint : endpoints) {
      try {
        // One that hangs must leave time for those after it.
        return fetch(endpoint, qeId, platform, deadline.share(left--));
      } catch (RefusalException refusal) {
        first = first.or(() -> Optional.of(refusal));
      }
    }
    throw first.orElseThrow(() -> Fetching.unavailable("no collateral service is configured"));
  }

  private String fetch(
      CollateralEndpoint endpoint, Bytes qeId, EncryptedPpid platform, Deadline deadline) {
    URI address = endpoint.pckCertificate(qeId, platform);
    HttpAnswer answer = fetching.get(address, deadline);
    if (!answer.isSuccess()) {
      throw Fetching.unavailable(
          "Failed to fetch PCK certificate from " + address + ": HTTP " + answer.status());
    }
    answer.header("SGX-TCBm").ifPresent(tcbm -> requireSameTcb(tcbm, platform));
    String issuers = answer.decodedHeader("SGX-PCK-Certificate-Issuer-Chain");
    return answer.text("PCK certificate") + "\n" + issuers;
  }

  private static void requireSameTcb(String tcbm, EncryptedPpid platform) {
    Bytes answered;
    try {
      answered = Bytes.fromHex(tcbm);
    } catch (IllegalArgumentException e) {
      throw Fetching.unavailable("SGX-TCBm header is not valid hex");
    }
    if (answered.length() < TCBM_LENGTH) {
      throw Fetching.unavailable("SGX-TCBm header too short: expected 18 bytes");
    }
    Bytes asked = Bytes.concat(platform.cpuSvn(), platform.pceSvn());
    if (!answered.slice(0, TCBM_LENGTH).equals(asked)) {
      throw new RefusalException(
          CollateralRefusal.CERTIFICATION_DATA,
          "TCB level mismatch: the platform says "
              + asked.hex()
              + ", its certificate is for "
              + answered.slice(0, TCBM_LENGTH).hex()
              + "; register the platform's current TCB level with Intel");
    }
  }
}
