package dstack.kms.rpc.http;

import dstack.kms.core.bytes.Bytes;

/**
 * One complete request.
 *
 * @param id a number unique in this process, for the log
 * @param head method, target and headers
 * @param body the whole body, within the route's limit
 * @param connection the connection it came over
 */
public record HttpExchange(long id, RequestHead head, Bytes body, ClientConnection connection) {}
