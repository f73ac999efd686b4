package dstack.kms.rpc.admin;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.proto.ClearImageCacheRequest;
import dstack.kms.rpc.prpc.Answer;
import dstack.kms.rpc.prpc.RpcMethod;
import dstack.kms.rpc.prpc.RpcService;
import java.util.ArrayList;
import java.util.List;

/** The methods of the service {@code Admin}. */
public final class AdminService {
  private final ImageCache cache;
  private final List<RpcMethod<?>> more;

  /**
   * @param cache of images
   * @param more methods that other parts of the node offer to its operators
   */
  public AdminService(ImageCache cache, List<RpcMethod<?>> more) {
    this.cache = cache;
    this.more = List.copyOf(more);
  }

  /** The method table. */
  public RpcService service() {
    List<RpcMethod<?>> methods = new ArrayList<>();
    methods.add(
        RpcMethod.of(
                "ClearImageCache",
                ClearImageCacheRequest.getDefaultInstance(),
                this::clearImageCache)
            .onlyByPost());
    methods.addAll(more);
    return new RpcService("Admin", methods);
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
