package dstack.kms.rpc.kms;

import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.rpc.proto.GetMetaResponse;

/** The answer of GetMeta (specification 04 §5.4). */
final class MetaAnswer {
  private MetaAnswer() {}

  static GetMetaResponse of(AuthorityInfo authority, NodeKeys node) {
    GetMetaResponse.Builder meta =
        GetMetaResponse.newBuilder()
            .setCaCert(node.rootCa().pem())
            .setAllowAnyUpgrade(authority.development())
            .setK256Pubkey(KeyRelease.wire(node.roots().k256().publicKey().compressed()))
            .setIsDev(authority.development());
    node.bootstrapInfo().ifPresent(meta::setBootstrapInfo);
    authority.gatewayAppId().ifPresent(meta::setGatewayAppId);
    authority.contractAddress().ifPresent(meta::setKmsContractAddress);
    authority.chainId().ifPresent(meta::setChainId);
    authority.appImplementation().ifPresent(meta::setAppAuthImplementation);
    return meta.build();
  }
}
