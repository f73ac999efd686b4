package dstack.kms.rpc.http;

import io.netty.channel.ChannelHandlerContext;

/**
 * Asks for one decoded message at a time. A message that is there already arrives inside the
 * request for it; asking again from there only sets a mark, so that ten thousand one-byte chunks
 * take a loop and not ten thousand stack frames.
 */
final class MessagePump {
  private boolean asking;
  private boolean again;
  private boolean delivered;
  private boolean inputClosed;

  /** Asks for the next message. */
  void next(ChannelHandlerContext ctx) {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      do {
        again = false;
        delivered = false;
        ctx.read();
      } while (again && delivered);
    } finally {
      asking = false;
    }
  }

  void delivered() {
    delivered = true;
  }

  void inputClosed() {
    inputClosed = true;
  }

  /** Whether a message was asked for that can never come. */
  boolean isStarved() {
    return inputClosed && !asking && !delivered;
  }
}
