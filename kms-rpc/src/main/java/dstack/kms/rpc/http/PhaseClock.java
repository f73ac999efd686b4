package dstack.kms.rpc.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one deadline that a connection has at any time. Touched on its event loop only. */
final class PhaseClock {
  private @Nullable Future<?> running;

  /** Replaces the deadline. */
  void start(ChannelHandlerContext ctx, Duration after, Runnable expired) {
    stop();
    running = ctx.executor().schedule(expired, after.toNanos(), TimeUnit.NANOSECONDS);
  }

  void stop() {
    if (running != null) {
      running.cancel(false);
      running = null;
    }
  }
}
