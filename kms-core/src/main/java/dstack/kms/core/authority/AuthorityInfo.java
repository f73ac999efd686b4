package dstack.kms.core.authority;

import java.util.Optional;

/**
 * What an authority says about itself; feeds GetMeta and GetAttestationInfo (specification 04
 * §5.4).
 *
 * @param development whether everything is allowed ({@code is_dev}, {@code allow_any_upgrade})
 * @param gatewayAppId the gateway's app id
 * @param contractAddress the policy contract, as the authority writes it
 * @param chainId the chain's number
 * @param appImplementation the implementation behind new app contracts
 * @param rpcUrl scheme, host and port of the chain endpoint
 */
public record AuthorityInfo(
    boolean development,
    Optional<String> gatewayAppId,
    Optional<String> contractAddress,
    Optional<Long> chainId,
    Optional<String> appImplementation,
    Optional<String> rpcUrl) {}
