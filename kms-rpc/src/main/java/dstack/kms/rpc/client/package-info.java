/**
 * Calls prpc methods of other servers over HTTPS with a client certificate (specification 02 §8).
 *
 * <p>{@link dstack.kms.rpc.client.RpcClient#connect} gives one connection: the caller sees the
 * server's certificate before anything is sent over it, and every call goes over the connection
 * that was looked at (T-19). Used by onboarding and by the commands.
 */
@NullMarked
package dstack.kms.rpc.client;

import org.jspecify.annotations.NullMarked;
