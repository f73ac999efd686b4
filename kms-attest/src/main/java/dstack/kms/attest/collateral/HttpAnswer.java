package dstack.kms.attest.collateral;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A complete answer of a provisioning service. */
record HttpAnswer(int status, HttpHeaders headers, Bytes body) {
  boolean isSuccess() {
    return status / 100 == 2;
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** The header's value, percent-decoded. */
  String decodedHeader(String name) {
    return header(name)
        .flatMap(PercentEncoding::decode)
        .orElseThrow(() -> Fetching.unavailable("Missing " + name));
  }

  /** The body as UTF-8 without replacement. */
  String text(String name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.toArray())).toString();
    } catch (CharacterCodingException e) {
      throw RefusalException.causedBy(
          CollateralRefusal.UNAVAILABLE, name + " response body is not valid UTF-8", e);
    }
  }
}
