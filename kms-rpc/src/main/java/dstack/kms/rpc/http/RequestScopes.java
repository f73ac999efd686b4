package dstack.kms.rpc.http;

import dstack.kms.core.trace.RequestScope;
import dstack.kms.core.trace.TraceContext;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Opens the scope of each request: its id is the one in {@code X-Request-Id} if that is
 * well-formed, its trace goes on from {@code traceparent} if that is. Otherwise both are made here.
 * A header that comes twice counts as none.
 */
final class RequestScopes {
  static final String REQUEST_ID = "X-Request-Id";

  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final SecureRandom random = new SecureRandom();

  RequestScope of(HttpHeaders headers) {
    String id =
        only(headers, REQUEST_ID)
            .filter(text -> WELL_FORMED.matcher(text).matches())
            .orElseGet(this::fresh);
    TraceContext trace =
        only(headers, "traceparent")
            .flatMap(TraceContext::parse)
            .map(caller -> caller.child(random))
            .orElseGet(() -> TraceContext.root(random));
    return new RequestScope(id, trace);
  }

  private String fresh() {
    byte[] id = new byte[8];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private static Optional<String> only(HttpHeaders headers, String name) {
    List<String> all = headers.getAll(name);
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }
}
