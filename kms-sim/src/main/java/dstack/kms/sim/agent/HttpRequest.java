package dstack.kms.sim.agent;

import dstack.kms.core.bytes.Bytes;

/**
 * One request as it came in.
 *
 * @param target path without its leading slash, percent-encoding kept
 * @param query without the question mark; empty if there is none
 * @param contentType media type in lower case without parameters; empty if there is none
 * @param lastOne whether the connection ends after the answer
 */
record HttpRequest(
    String method, String target, String query, String contentType, Bytes body, boolean lastOne) {}
