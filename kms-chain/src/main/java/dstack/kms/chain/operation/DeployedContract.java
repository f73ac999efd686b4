package dstack.kms.chain.operation;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.transaction.Receipt;

/** A contract that a transaction of ours put on the chain. */
public record DeployedContract(Address address, Receipt receipt) {}
