package dstack.kms.chain.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.contract.ContractArtifact;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class TimelockSetupTest {
  private static final Address SAFE = Address.parse("0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9");
  private static final BigInteger DAY = BigInteger.valueOf(86_400);

  @Test
  void passesTheConstructorWhatTheVectorsHave() {
    JsonNode vector = Vectors.json("contracts/governance-vectors.json").get("timelock");
    String arguments = vector.get("constructorArgs").stringValue().substring(2);
    String ours =
        new TimelockSetup(BigInteger.valueOf(172_800), List.of(SAFE), List.of(SAFE))
            .deployment()
            .hex();
    String code = ContractArtifact.of(OwnContract.TIMELOCK_CONTROLLER).creationCode().hex();
    assertThat(ours).startsWith(code);
    assertThat(ours.substring(code.length())).hasSameSizeAs(arguments);
    assertThat(ours.substring(code.length()).substring(0, 64))
        .isEqualTo(arguments.substring(0, 64));
  }

  @Test
  void refusesATimelockThatWouldBeEverybodysOrNobodys() {
    assertThatThrownBy(() -> new TimelockSetup(DAY, List.of(), List.of(SAFE)))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> new TimelockSetup(DAY, List.of(SAFE), List.of()))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> new TimelockSetup(DAY, List.of(Address.ZERO), List.of(SAFE)))
        .hasMessageContaining("everybody could change the policy");
    assertThatThrownBy(() -> new TimelockSetup(DAY.negate(), List.of(SAFE), List.of(SAFE)))
        .isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"as asked", "delay", "proposer", "executor", "admin", "code"})
  void acceptsOnlyExactlyWhatWasAskedFor(String difference) {
    try (TestChain chain = TestChain.start();
        RpcClient client =
            new RpcClient(ChainEndpoint.of(RpcUrl.of(chain.url().toString())), RpcLimits.DEFAULT)) {
      Address deployer = chain.account(0);
      Address made =
          difference.equals("code")
              ? Deployment.deploy(chain, deployer, OwnContract.DSTACK_APP)
              : Deployment.deploy(
                  chain,
                  deployer,
                  OwnContract.TIMELOCK_CONTROLLER,
                  difference.equals("delay") ? 3600 : 86_400,
                  List.of(difference.equals("proposer") ? deployer : SAFE),
                  List.of(difference.equals("executor") ? deployer : SAFE),
                  difference.equals("admin") ? deployer : Address.ZERO);
      TimelockSetup wanted = new TimelockSetup(DAY, List.of(SAFE), List.of(SAFE));
      Endpoint endpoint = new Endpoint(client);
      if (difference.equals("as asked")) {
        wanted.requireAt(endpoint, made, deployer);
      } else {
        assertThatThrownBy(() -> wanted.requireAt(endpoint, made, deployer))
            .isInstanceOf(RefusalException.class);
      }
    }
  }
}
