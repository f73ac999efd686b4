package dstack.kms.chain.operation;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.KmsFunctions;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.chain.contract.ContractArtifact;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.core.bytes.Bytes;

/**
 * What a DstackKms is made of.
 *
 * @param app code of the apps
 * @param kms code of the KMS
 * @param proxy in front of it
 */
public record KmsContracts(ContractArtifact app, ContractArtifact kms, ContractArtifact proxy) {
  private static final Signature PROXY = Signature.parse("constructor(address code, bytes setUp)");

  /** The contracts that this program carries. */
  public static KmsContracts own() {
    return new KmsContracts(
        ContractArtifact.of(OwnContract.DSTACK_APP),
        ContractArtifact.of(OwnContract.DSTACK_KMS),
        ContractArtifact.of(OwnContract.ERC1967_PROXY));
  }

  /** What deploys an app implementation. */
  public Bytes appImplementation() {
    return app.deployment(Bytes.EMPTY);
  }

  /** What deploys a KMS implementation. */
  public Bytes kmsImplementation() {
    return kms.deployment(Bytes.EMPTY);
  }

  /**
   * What deploys the KMS itself, set up in the same transaction so that nobody else can.
   *
   * @param owner who may change it
   * @param appImplementation what new apps run
   */
  public Bytes kmsProxy(Address implementation, Address owner, Address appImplementation) {
    Bytes setUp =
        KmsFunctions.INITIALIZE.encode(AbiValue.of(owner), AbiValue.of(appImplementation));
    return proxy.deployment(PROXY.encodeArguments(AbiValue.of(implementation), AbiValue.of(setUp)));
  }
}
