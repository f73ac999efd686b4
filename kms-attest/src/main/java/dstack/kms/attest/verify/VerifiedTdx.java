package dstack.kms.attest.verify;

import dstack.kms.attest.dcap.VerifiedQuote;
import dstack.kms.attest.quote.TdReport;

/** A verified quote and the trust domain's report in it. */
record VerifiedTdx(VerifiedQuote quote, TdReport report) {}
