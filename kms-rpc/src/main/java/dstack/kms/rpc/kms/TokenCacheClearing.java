package dstack.kms.rpc.kms;

import dstack.kms.core.config.TokenDigest;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.admin.AdminRefusal;
import dstack.kms.rpc.admin.ImageCache;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.proto.ClearImageCacheWithTokenRequest;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;

/**
 * ClearImageCache as the older states have it: on the main listener, with the token in the body
 * (specification 04 §6, §11 d). Offered only where a token is configured, and only by POST, so that
 * the token never stands in a URL.
 *
 * @param token what a caller must show
 * @param cache what is cleared
 */
public record TokenCacheClearing(TokenDigest token, ImageCache cache) {
  RpcMethod<?> method() {
    return RpcMethod.of(
            "ClearImageCache", ClearImageCacheWithTokenRequest.getDefaultInstance(), this::clear)
        .onlyByPost();
  }

  private Answer clear(HttpExchange call, ClearImageCacheWithTokenRequest request) {
    if (!token.matches(request.getToken())) {
      throw new RefusalException(KmsRefusal.ADMIN_TOKEN, "Invalid token");
    }
    within("Failed to clear image cache", () -> cache.clearImages(request.getImageHash()));
    within(
        "Failed to clear measurement cache",
        () -> cache.clearMeasurements(request.getConfigHash()));
    return Answer.EMPTY;
  }

  /** The older states write this one text with a capital. */
  private static void within(String context, Runnable step) {
    try {
      step.run();
    } catch (RefusalException e) {
      RefusalException older =
          e.code() == AdminRefusal.CACHE_KEY
              ? new RefusalException(e.code(), "Invalid cache key")
              : e;
      throw older.within(context);
    }
  }
}
