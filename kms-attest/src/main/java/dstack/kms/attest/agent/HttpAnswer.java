package dstack.kms.attest.agent;

import dstack.kms.core.bytes.Bytes;

/** The status and the body of an HTTP answer. */
record HttpAnswer(int status, Bytes body) {}
