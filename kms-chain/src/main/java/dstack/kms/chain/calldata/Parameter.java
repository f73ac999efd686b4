package dstack.kms.chain.calldata;

/**
 * One argument of a function, error or constructor.
 *
 * @param name for people; empty if it has none
 */
public record Parameter(AbiType type, String name) {}
