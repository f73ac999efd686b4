package dstack.kms.chain.operation;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Expectation;
import dstack.kms.chain.governance.Fact;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.FactState;
import dstack.kms.chain.governance.Views;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts a DstackKms on the chain: app implementation, KMS implementation, proxy. What exists already
 * is used instead.
 *
 * @param owner who may change the KMS from the start: a wallet, a timelock or a Safe
 * @param appImplementation to be used, if it exists
 * @param kmsImplementation to be used, if it exists
 */
public record KmsDeployment(
    KmsContracts contracts,
    Address owner,
    Optional<Address> appImplementation,
    Optional<Address> kmsImplementation) {
  /**
   * The three addresses.
   *
   * @param kms the proxy, which is the contract to be used
   */
  public record Result(Address appImplementation, Address kmsImplementation, Address kms) {}

  /** One step that was done, for people and for those who go on by hand. */
  public record Step(String name, DeployedContract contract) {}

  /** Deploys what is missing and checks owner, implementations and code of the result. */
  public Result run(Endpoint endpoint, Deployer deployer, Consumer<Step> done) {
    Address app =
        appImplementation.orElseGet(
            () -> step("app implementation", contracts.appImplementation(), deployer, done));
    Address implementation =
        kmsImplementation.orElseGet(
            () -> step("kms implementation", contracts.kmsImplementation(), deployer, done));
    requireCode(endpoint, app);
    requireCode(endpoint, implementation);
    DeployedContract proxy = deployer.deploy(contracts.kmsProxy(implementation, owner, app));
    done.accept(new Step("kms proxy", proxy));
    check(endpoint, proxy, implementation, app);
    return new Result(app, implementation, proxy.address());
  }

  private static Address step(
      String name, Bytes deployment, Deployer deployer, Consumer<Step> done) {
    DeployedContract contract = deployer.deploy(deployment);
    done.accept(new Step(name, contract));
    return contract.address();
  }

  private static void requireCode(Endpoint endpoint, Address implementation) {
    if (endpoint.code(implementation).isEmpty()) {
      throw OperationRefusal.CODE.because("there is no contract at " + implementation);
    }
  }

  private void check(
      Endpoint endpoint, DeployedContract proxy, Address implementation, Address app) {
    Address kms = proxy.address();
    FactReader reader = FactReader.at(endpoint, proxy.receipt().block());
    List<Expectation> expectations =
        List.of(
            new Expectation(new Fact.Implementation(kms), AbiValue.of(implementation)),
            new Expectation(new Fact.Answer(kms, Views.OWNER, List.of()), AbiValue.of(owner)),
            new Expectation(
                new Fact.Answer(kms, Views.APP_IMPLEMENTATION, List.of()), AbiValue.of(app)));
    for (Expectation expectation : expectations) {
      FactState state = new FactState(expectation, reader.read(expectation.fact()));
      if (!state.holds()) {
        throw OperationRefusal.STATE.because("the new contract is not as wanted: " + state.words());
      }
    }
  }
}
