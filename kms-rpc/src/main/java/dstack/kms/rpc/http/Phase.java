package dstack.kms.rpc.http;

/** Where a connection is with its one request. */
enum Phase {
  IDLE,
  HEAD,
  BODY,
  HANDLING,
  WRITING,
  DISCARDING
}
