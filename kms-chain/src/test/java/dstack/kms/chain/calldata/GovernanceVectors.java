package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import tools.jackson.databind.JsonNode;

/** The contract vectors, which two independent encoders agree on. */
public final class GovernanceVectors {
  public static final Address EOA = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  public static final Address IMPLEMENTATION =
      Address.parse("0x5FbDB2315678afecb367f032d93F642f64180aa3");
  public static final Address KMS = Address.parse("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0");

  private GovernanceVectors() {}

  /** The node at the path, for example {@code timelock/batch}. */
  public static JsonNode at(String path) {
    JsonNode node = Vectors.json("contracts/governance-vectors.json").at("/" + path);
    if (node.isMissingNode()) {
      throw new AssertionError("no vector " + path);
    }
    return node;
  }

  /** The bytes at the path. */
  public static Bytes bytes(String path) {
    return Bytes.fromHex(at(path).asString().substring(2));
  }
}
