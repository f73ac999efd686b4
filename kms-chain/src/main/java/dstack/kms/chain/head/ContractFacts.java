package dstack.kms.chain.head;

import dstack.kms.chain.account.Address;

/**
 * What the policy contract says about itself at the newest block; for GetMeta, never for a
 * decision.
 *
 * @param gatewayAppId the gateway's app id, possibly empty
 * @param appImplementation the code behind new apps' contracts, possibly zero
 */
public record ContractFacts(String gatewayAppId, Address appImplementation) {}
