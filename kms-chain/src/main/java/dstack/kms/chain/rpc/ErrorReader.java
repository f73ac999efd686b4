package dstack.kms.chain.rpc;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads an endpoint's error without trusting its words: they are cut, cleaned and redacted. */
final class ErrorReader {
  private static final int MAX_MESSAGE = 256;
  private static final Pattern DATA = Pattern.compile("0x(?:[0-9a-fA-F]{2}){0,4096}");

  private final RpcUrl url;

  ErrorReader(RpcUrl url) {
    this.url = url;
  }

  RpcError read(JsonNode error) {
    JsonNode code = error.path("code");
    JsonNode message = error.path("message");
    if (!code.isIntegralNumber() || !code.canConvertToLong() || !message.isString()) {
      throw StrictJson.malformed("an error needs a number code and a text message");
    }
    return new RpcError(code.longValue(), shown(message.stringValue()), data(error.path("data")));
  }

  /** Foreign words that are fit for one line of a log. */
  String shown(String text) {
    String start = text.substring(0, Math.min(text.length(), 16 * MAX_MESSAGE));
    return ForeignWords.shown(url.redacted(start), MAX_MESSAGE);
  }

  private static Optional<Bytes> data(JsonNode data) {
    return data.isString() && DATA.matcher(data.stringValue()).matches()
        ? Optional.of(Bytes.fromHex(data.stringValue().substring(2)))
        : Optional.empty();
  }
}
