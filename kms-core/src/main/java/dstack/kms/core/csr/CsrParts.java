package dstack.kms.core.csr;

import dstack.kms.core.bytes.Bytes;

/** The members of a request. */
record CsrParts(String confirm, Bytes publicKey, CsrConfig config, CsrEvidence evidence) {}
