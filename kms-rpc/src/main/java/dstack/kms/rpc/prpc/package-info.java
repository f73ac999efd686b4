/**
 * prpc: named methods over HTTP with a protobuf or a JSON body (specification 01 §2–§5).
 *
 * <p>The JSON form is driven by the message descriptors and is not the protobuf JSON mapping. A
 * listener makes a {@link dstack.kms.rpc.prpc.PrpcEndpoint} from a {@link
 * dstack.kms.rpc.prpc.RpcService}; the services themselves live in their own packages.
 */
@NullMarked
package dstack.kms.rpc.prpc;

import org.jspecify.annotations.NullMarked;
