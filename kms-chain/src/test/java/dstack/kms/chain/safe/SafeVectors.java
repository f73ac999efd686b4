package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The Safe transaction of the contract vectors, whose hashes two other encoders computed. */
final class SafeVectors {
  static final JsonNode JSON = Vectors.json("contracts/governance-vectors.json").get("safe");

  private SafeVectors() {}

  static SafeDomain domain() {
    return new SafeDomain(
        BigInteger.valueOf(JSON.get("chainId").longValue()),
        Address.parse(JSON.get("safe").stringValue()));
  }

  static SafeTransaction transaction() {
    JsonNode tx = JSON.get("tx");
    return new SafeTransaction(
        Call.of(Address.parse(tx.get("to").stringValue()), bytes("/tx/data")),
        SafeTransaction.Operation.CALL,
        BigInteger.valueOf(tx.get("nonce").longValue()));
  }

  static Word hash() {
    return Word.parse(JSON.get("safeTxHash").stringValue());
  }

  static Address owner(int index) {
    return Address.parse(JSON.at("/signaturesSortedByOwner/" + index + "/owner").stringValue());
  }

  static List<Address> owners() {
    return List.of(owner(0), owner(1));
  }

  static Bytes signature(int index, String form) {
    return bytes("/signaturesSortedByOwner/" + index + "/" + form);
  }

  static Bytes bytes(String pointer) {
    return Bytes.fromHex(JSON.at(pointer).stringValue().substring(2));
  }
}
