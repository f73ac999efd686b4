package dstack.kms.rpc.admin;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.proto.ClearImageCacheRequest;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;
import dstack.kms.rpc.prpc.RpcService;
import java.util.List;

/** The methods of the service {@code Admin}. */
public final class AdminService {
  private final ImageCache cache;

  /** Methods over that cache. */
  public AdminService(ImageCache cache) {
    this.cache = cache;
  }

  /** The method table. */
  public RpcService service() {
    return new RpcService(
        "Admin",
        List.of(
            RpcMethod.of(
                    "ClearImageCache",
                    ClearImageCacheRequest.getDefaultInstance(),
                    this::clearImageCache)
                .onlyByPost()));
  }

  private Answer clearImageCache(HttpExchange call, ClearImageCacheRequest request) {
    within("failed to clear image cache", () -> cache.clearImages(request.getImageHash()));
    within(
        "failed to clear measurement cache",
        () -> cache.clearMeasurements(request.getConfigHash()));
    return Answer.EMPTY;
  }

  private static void within(String context, Runnable step) {
    try {
      step.run();
    } catch (RefusalException refusal) {
      throw refusal.within(context);
    }
  }
}
