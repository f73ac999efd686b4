package dstack.kms.rpc.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Decodes requests with the limits of specification 00 §9 and refuses what two parsers could read
 * in two ways: Content-Length beside Transfer-Encoding, and more than one Content-Length.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  private final Runnable bytesArrived;

  StrictRequestDecoder(Runnable bytesArrived) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpLimits.REQUEST_LINE)
            .setMaxHeaderSize(HttpLimits.HEADERS)
            .setMaxChunkSize(64 << 10)
            .setAllowDuplicateContentLengths(false)
            .setValidateHeaders(true));
    this.bytesArrived = bytesArrived;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    bytesArrived.run();
    super.decode(ctx, buffer, out);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }
}
