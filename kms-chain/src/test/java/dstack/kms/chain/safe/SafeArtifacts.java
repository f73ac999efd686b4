package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.LeftOut;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** The Safe's own contracts, from the packages that its makers publish, on a chain of ours. */
public final class SafeArtifacts {
  private SafeArtifacts() {}

  /** Deploys singleton, factory, MultiSendCallOnly and fallback handler of a version. */
  public static SafeAddresses deploy(TestChain chain, SafeVersion version) {
    String made =
        switch (version) {
          case V1_3_0 -> "GnosisSafe";
          case V1_4_1 -> "Safe";
        };
    return new SafeAddresses(
        contract(chain, version, made + "L2.sol/" + made + "L2"),
        contract(chain, version, "proxies/" + made + "ProxyFactory.sol/" + made + "ProxyFactory"),
        contract(chain, version, "libraries/MultiSendCallOnly.sol/MultiSendCallOnly"),
        contract(
            chain,
            version,
            "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler"));
  }

  private static Address contract(TestChain chain, SafeVersion version, String name) {
    return chain.deploy(chain.account(9), creationCode(version, name));
  }

  /** The creation code in the artifact of that name. */
  static Bytes creationCode(SafeVersion version, String name) {
    String packaged =
        switch (version) {
          case V1_3_0 -> "@gnosis.pm";
          case V1_4_1 -> "@safe-global";
        };
    Path path =
        Node.packages()
            .resolve("node_modules")
            .resolve(packaged)
            .resolve("safe-contracts/build/artifacts/contracts")
            .resolve(name + ".json");
    if (!Files.exists(path)) {
      throw LeftOut.because("the Safe's contracts in build/npm (./kms test installs them)");
    }
    try {
      String json = Files.readString(path);
      String code = JsonMapper.shared().readTree(json).get("bytecode").stringValue();
      return Bytes.fromHex(code.substring(2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
