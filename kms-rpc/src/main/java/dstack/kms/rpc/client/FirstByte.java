package dstack.kms.rpc.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;

/**
 * Notes whether what a server says begins as a TLS record does. The engines report a server that
 * speaks something else, such as plain HTTP, each in its own way or only as a broken connection.
 */
final class FirstByte extends ChannelInboundHandlerAdapter {
  /** False once a server began with something else; true if it said nothing at all. */
  static final AttributeKey<Boolean> SPEAKS_TLS = AttributeKey.valueOf("speaks-tls");

  /** The types of records, from change_cipher_spec to application_data. */
  private static final int FIRST_TYPE = 20;

  private static final int LAST_TYPE = 23;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().attr(SPEAKS_TLS).set(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes && bytes.isReadable()) {
      int type = bytes.getUnsignedByte(bytes.readerIndex());
      ctx.channel().attr(SPEAKS_TLS).set(type >= FIRST_TYPE && type <= LAST_TYPE);
      ctx.pipeline().remove(this);
    }
    ctx.fireChannelRead(message);
  }
}
