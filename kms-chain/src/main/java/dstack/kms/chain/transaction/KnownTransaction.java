package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.signing.Fees;

/**
 * A transaction that an endpoint knows, mined or not.
 *
 * @param from who it says sent it
 * @param nonce its place in the account's sequence
 * @param fees what it pays at most
 * @param request what it does
 */
public record KnownTransaction(Word hash, Address from, long nonce, Fees fees, Request request) {}
