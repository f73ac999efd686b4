package dstack.kms.rpc.http;

import dstack.kms.core.bytes.Bytes;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;

/** Puts TLS in front of a listener. */
public interface TlsFront {
  /** A handler for one new connection, with the certificate that is current now. */
  SslHandler newHandler(ByteBufAllocator allocator);

  /** Called once on the event loop when the handshake is done: the client's certificate as DER. */
  Optional<Bytes> handshakeDone(SslHandler handler);
}
