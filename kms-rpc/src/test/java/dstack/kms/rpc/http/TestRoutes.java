package dstack.kms.rpc.http;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Routes for tests of the server itself. */
final class TestRoutes implements HttpRoutes {
  static final int LIMIT = 100_000;

  final CountDownLatch release = new CountDownLatch(1);
  final AtomicInteger handled = new AtomicInteger();
  final AtomicInteger running = new AtomicInteger();

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    return switch (head.path()) {
      case "/health" -> new Route.Immediate(HttpReply.text(200, "OK"));
      case "/echo" -> handled(exchange -> HttpReply.text(200, exchange.body().utf8Text()));
      case "/thread" ->
          handled(_ -> HttpReply.text(200, "virtual " + Thread.currentThread().isVirtual()));
      case "/slow" -> handled(_ -> waitForRelease());
      case "/stubborn" -> handled(_ -> waitForReleaseInSpiteOfInterrupts());
      case "/boom" ->
          handled(
              _ -> {
                throw new IllegalStateException("secret detail");
              });
      default -> new Route.Immediate(HttpReply.notFound());
    };
  }

  private Route handled(HttpHandler handler) {
    return new Route.Handled(
        "test",
        LIMIT,
        exchange -> {
          handled.incrementAndGet();
          return handler.answer(exchange);
        },
        ErrorReplies.PLAIN);
  }

  private HttpReply waitForRelease() {
    running.incrementAndGet();
    try {
      release.await();
      return HttpReply.text(200, "released");
    } catch (InterruptedException e) {
      return HttpReply.text(200, "interrupted");
    }
  }

  private HttpReply waitForReleaseInSpiteOfInterrupts() {
    HttpReply last = waitForRelease();
    while (release.getCount() > 0) {
      last = waitForRelease();
    }
    return last;
  }

  /** Waits until the condition holds, for at most ten seconds. */
  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the condition never came true");
      }
      Thread.onSpinWait();
    }
  }
}
