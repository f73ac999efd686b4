package dstack.kms.sim.pccs;

import dstack.kms.core.bytes.Bytes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One answer of the service.
 *
 * @param chainHeader the name of the header with the issuer chain
 * @param chainPem the issuer chain before percent-encoding
 */
record PccsAnswer(
    int status, String contentType, Optional<String> chainHeader, String chainPem, Bytes body) {
  static PccsAnswer notFound() {
    return new PccsAnswer(
        404, "text/plain", Optional.empty(), "", Bytes.utf8("No cache data for this platform."));
  }

  static PccsAnswer of(String contentType, String chainHeader, String chainPem, Bytes body) {
    return new PccsAnswer(200, contentType, Optional.of(chainHeader), chainPem, body);
  }

  static PccsAnswer of(String contentType, Bytes body) {
    return new PccsAnswer(200, contentType, Optional.empty(), "", body);
  }

  static PccsAnswer plain(Bytes body) {
    return new PccsAnswer(200, "text/plain", Optional.empty(), "", body);
  }

  /** The chain as the real service sends it: percent-encoded, blanks as %20. */
  String encodedChain() {
    return URLEncoder.encode(chainPem, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
