package dstack.kms.chain.testing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.contract.ContractArtifact;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.core.bytes.Bytes;

/**
 * A KMS on a chain as {@code gov deploy} of model A leaves it: implementation of applications,
 * implementation of the KMS, its proxy. Account 0 deploys and owns.
 *
 * @param owner of the KMS
 * @param appImplementation what the factory puts behind each application's proxy
 * @param kmsImplementation what is behind the KMS proxy
 * @param kms the proxy, which is the address of the KMS
 */
public record Deployment(
    TestChain chain,
    Address owner,
    Address appImplementation,
    Address kmsImplementation,
    Address kms) {
  /** Deploys all three; on a fresh chain the addresses are always the same. */
  public static Deployment on(TestChain chain) {
    Address owner = chain.account(0);
    Address app = deploy(chain, owner, OwnContract.DSTACK_APP);
    Address implementation = deploy(chain, owner, OwnContract.DSTACK_KMS);
    Bytes setUp = Calldata.of("initialize(address,address)", owner, app);
    Address kms = proxy(chain, owner, implementation, setUp);
    return new Deployment(chain, owner, app, implementation, kms);
  }

  /** Deploys one of our contracts. */
  public static Address deploy(
      TestChain chain, Address from, OwnContract contract, Object... arguments) {
    return chain.deploy(
        from, ContractArtifact.of(contract).deployment(Calldata.arguments(arguments)));
  }

  /** Deploys a proxy before an implementation. */
  public static Address proxy(TestChain chain, Address from, Address implementation, Bytes setUp) {
    return deploy(chain, from, OwnContract.ERC1967_PROXY, implementation, setUp);
  }

  /** The KMS owner calls the KMS. */
  public Receipt owner(String signature, Object... arguments) {
    return send(owner, kms, signature, arguments);
  }

  /** Anybody calls any contract. */
  public Receipt send(Address from, Address to, String signature, Object... arguments) {
    return chain.send(from, to, Calldata.of(signature, arguments));
  }

  /** Reads from any contract. */
  public Returned read(Address from, String signature, Object... arguments) {
    return Returned.of(chain.call(from, Calldata.of(signature, arguments)));
  }

  /** Lets the factory make an application for that owner. */
  public Address deployApp(
      Address appOwner,
      boolean disableUpgrades,
      boolean requireTcbUpToDate,
      boolean allowAnyDevice,
      Word device,
      Word composeHash) {
    String signature = "deployAndRegisterApp(address,bool,bool,bool,bytes32,bytes32)";
    Object[] arguments = {
      appOwner, disableUpgrades, requireTcbUpToDate, allowAnyDevice, device, composeHash
    };
    Receipt receipt = send(chain.account(1), kms, signature, arguments);
    return Address.ofWord(receipt.logs().getLast().topics().get(1));
  }

  /** What the KMS contract says about a KMS node. */
  public Answer isKmsAllowed(Boot boot) {
    return decision(kms, "isKmsAllowed(" + Boot.TUPLE + ")", boot);
  }

  /** What the KMS contract says about an application. */
  public Answer isAppAllowed(Boot boot) {
    return isAppAllowed(kms, boot);
  }

  /** What that contract says about an application. */
  public Answer isAppAllowed(Address contract, Boot boot) {
    return decision(contract, "isAppAllowed(" + Boot.TUPLE + ")", boot);
  }

  private Answer decision(Address contract, String signature, Boot boot) {
    Returned returned = read(contract, signature, boot);
    return new Answer(returned.flag(0), returned.text(1));
  }
}
