/**
 * The HTTP/1.1 server: strict framing, limits, deadlines, overload and graceful stop (specification
 * 00 §9, 01 §1 and §6).
 *
 * <p>{@link dstack.kms.rpc.http.HttpServer} asks its {@link dstack.kms.rpc.http.HttpRoutes} about
 * each request head on the event loop, before the body is read; handlers run on virtual threads
 * behind a bounded number of permits. It knows nothing about prpc or keys.
 */
@NullMarked
package dstack.kms.rpc.http;

import org.jspecify.annotations.NullMarked;
