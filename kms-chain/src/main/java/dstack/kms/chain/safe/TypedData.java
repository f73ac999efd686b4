package dstack.kms.chain.safe;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** A Safe transaction as the JSON of EIP-712, which hardware wallets show and sign. */
final class TypedData {
  private static final JsonMapper JSON = JsonMapper.shared();

  private TypedData() {}

  @JsonPropertyOrder({"types", "primaryType", "domain", "message"})
  record Document(Types types, String primaryType, Domain domain, Message message) {}

  @JsonPropertyOrder({"EIP712Domain", "SafeTx"})
  record Types(
      @JsonProperty("EIP712Domain") List<Field> domain,
      @JsonProperty("SafeTx") List<Field> safeTx) {}

  @JsonPropertyOrder({"name", "type"})
  record Field(String name, String type) {}

  @JsonPropertyOrder({"chainId", "verifyingContract"})
  record Domain(String chainId, String verifyingContract) {}

  @JsonPropertyOrder({
    "to",
    "value",
    "data",
    "operation",
    "safeTxGas",
    "baseGas",
    "gasPrice",
    "gasToken",
    "refundReceiver",
    "nonce"
  })
  record Message(
      String to,
      String value,
      String data,
      int operation,
      String safeTxGas,
      String baseGas,
      String gasPrice,
      String gasToken,
      String refundReceiver,
      String nonce) {}

  private static final Types TYPES =
      new Types(
          List.of(field("chainId", "uint256"), field("verifyingContract", "address")),
          List.of(
              field("to", "address"),
              field("value", "uint256"),
              field("data", "bytes"),
              field("operation", "uint8"),
              field("safeTxGas", "uint256"),
              field("baseGas", "uint256"),
              field("gasPrice", "uint256"),
              field("gasToken", "address"),
              field("refundReceiver", "address"),
              field("nonce", "uint256")));

  private static Field field(String name, String type) {
    return new Field(name, type);
  }

  static String of(SafeTransaction transaction, SafeDomain domain) {
    String nobody = "0x" + "0".repeat(40);
    return JSON.writerWithDefaultPrettyPrinter()
        .writeValueAsString(
            new Document(
                TYPES,
                "SafeTx",
                new Domain(domain.chainId().toString(), domain.safe().checksummed()),
                new Message(
                    transaction.call().target().checksummed(),
                    transaction.call().value().toString(),
                    "0x" + transaction.call().data().hex(),
                    transaction.operation().number(),
                    "0",
                    "0",
                    "0",
                    nobody,
                    nobody,
                    transaction.nonce().toString())));
  }
}
