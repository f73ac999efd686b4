package dstack.kms.rpc.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Hands over one decoded message for each request for one, and reads from the socket only when the
 * messages of the last read are used up: pipelined requests wait here.
 *
 * <p>Asking again while a message is being handled only sets a mark, so that ten thousand one-byte
 * chunks take a loop and not ten thousand stack frames. Runs on the connection's event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
final class MessagePump {
  private final ChannelHandlerContext ctx;
  private final Consumer<Object> consumer;
  private final Queue<Object> decoded = new ArrayDeque<>();
  private boolean wanted;
  private boolean running;
  private boolean inputClosed;

  MessagePump(ChannelHandlerContext ctx, Consumer<Object> consumer) {
    this.ctx = ctx;
    this.consumer = consumer;
  }

  /** Asks for one message, now or when it comes; closes the connection if none can come. */
  void next() {
    wanted = true;
    run();
  }

  /** Takes over one decoded message. */
  void arrived(Object message) {
    decoded.add(message);
    run();
  }

  /** One read from the socket is over; it may have decoded to nothing. */
  void readComplete() {
    if (wanted && !inputClosed) {
      ctx.read();
    }
  }

  /** The client will send nothing more. */
  void inputClosed() {
    inputClosed = true;
    if (!running && wanted) {
      ctx.close();
    }
  }

  /** Lets go of what was never asked for. */
  void discard() {
    decoded.forEach(ReferenceCountUtil::release);
    decoded.clear();
  }

  private void run() {
    if (running) {
      return;
    }
    running = true;
    try {
      while (wanted && !decoded.isEmpty()) {
        wanted = false;
        handOver(decoded.remove());
      }
    } finally {
      running = false;
    }
    if (wanted) {
      readOrClose();
    }
  }

  private void handOver(Object message) {
    try {
      consumer.accept(message);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void readOrClose() {
    if (inputClosed) {
      ctx.close();
    } else {
      ctx.read();
    }
  }
}
