package dstack.kms.rpc.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Says that nothing more will come, so that a client which still sends can read the answer. */
final class OutputEnd {
  private OutputEnd() {}

  @SuppressWarnings("FutureReturnValueIgnored") // the connection is being given up anyway
  static void send(ChannelHandlerContext ctx) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    DuplexChannel channel = (DuplexChannel) ctx.channel();
    if (tls == null) {
      channel.shutdownOutput();
    } else {
      tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
    }
  }
}
