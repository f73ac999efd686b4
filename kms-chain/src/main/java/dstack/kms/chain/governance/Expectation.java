package dstack.kms.chain.governance;

import dstack.kms.chain.calldata.AbiValue;

/**
 * A fact and what it is after a task.
 *
 * @param wanted of the type that the fact has
 */
public record Expectation(Fact fact, AbiValue wanted) {}
