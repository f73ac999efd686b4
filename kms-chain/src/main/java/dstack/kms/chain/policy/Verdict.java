package dstack.kms.chain.policy;

/**
 * What the contract decided at one block.
 *
 * @param allowed whether keys may be released
 * @param reason why not, verbatim, at most 1024 bytes of UTF-8
 */
public record Verdict(boolean allowed, String reason) {}
