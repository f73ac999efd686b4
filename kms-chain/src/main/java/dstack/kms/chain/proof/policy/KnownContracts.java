package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.contract.KnownCode;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.chain.proof.state.ProvenAccount;
import java.util.Set;

/**
 * Which contracts have the rules that are written here: by their code, or because the operator says
 * so of an address.
 *
 * @param code known wherever it lies
 * @param kms implementations of DstackKms that the configuration names
 * @param apps implementations of DstackApp that the configuration names
 */
public record KnownContracts(KnownCode code, Set<Address> kms, Set<Address> apps) {
  /** Copies both sets. */
  public KnownContracts {
    kms = Set.copyOf(kms);
    apps = Set.copyOf(apps);
  }

  /** Those of this program and no others. */
  public static KnownContracts ofThisProgram() {
    return new KnownContracts(KnownCode.ofThisProgram(), Set.of(), Set.of());
  }

  boolean isProxy(ProvenAccount account) {
    return code.isCodeOf(OwnContract.ERC1967_PROXY, account.address(), account.codeHash());
  }

  boolean isImplementation(OwnContract contract, ProvenAccount account) {
    Set<Address> named = contract == OwnContract.DSTACK_KMS ? kms : apps;
    return (account.hasCode() && named.contains(account.address()))
        || code.isCodeOf(contract, account.address(), account.codeHash());
  }
}
