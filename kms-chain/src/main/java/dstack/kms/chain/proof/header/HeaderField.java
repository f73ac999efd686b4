package dstack.kms.chain.proof.header;

import java.util.Arrays;
import java.util.List;

/** The fields of a header in the order of its encoding, with the fork that brought each. */
enum HeaderField {
  PARENT_HASH("parentHash", FieldForm.HASH, Fork.LONDON),
  UNCLES("sha3Uncles", FieldForm.HASH, Fork.LONDON),
  MINER("miner", FieldForm.ADDRESS, Fork.LONDON),
  STATE_ROOT("stateRoot", FieldForm.HASH, Fork.LONDON),
  TRANSACTIONS_ROOT("transactionsRoot", FieldForm.HASH, Fork.LONDON),
  RECEIPTS_ROOT("receiptsRoot", FieldForm.HASH, Fork.LONDON),
  LOGS_BLOOM("logsBloom", FieldForm.BLOOM, Fork.LONDON),
  DIFFICULTY("difficulty", FieldForm.NUMBER, Fork.LONDON),
  NUMBER("number", FieldForm.NUMBER, Fork.LONDON),
  GAS_LIMIT("gasLimit", FieldForm.NUMBER, Fork.LONDON),
  GAS_USED("gasUsed", FieldForm.NUMBER, Fork.LONDON),
  TIMESTAMP("timestamp", FieldForm.NUMBER, Fork.LONDON),
  EXTRA_DATA("extraData", FieldForm.FREE, Fork.LONDON),
  MIX_HASH("mixHash", FieldForm.HASH, Fork.LONDON),
  NONCE("nonce", FieldForm.NONCE, Fork.LONDON),
  BASE_FEE("baseFeePerGas", FieldForm.NUMBER, Fork.LONDON),
  WITHDRAWALS_ROOT("withdrawalsRoot", FieldForm.HASH, Fork.SHANGHAI),
  BLOB_GAS_USED("blobGasUsed", FieldForm.NUMBER, Fork.CANCUN),
  EXCESS_BLOB_GAS("excessBlobGas", FieldForm.NUMBER, Fork.CANCUN),
  BEACON_ROOT("parentBeaconBlockRoot", FieldForm.HASH, Fork.CANCUN),
  REQUESTS_HASH("requestsHash", FieldForm.HASH, Fork.PRAGUE);

  /** The forks that changed the header; each has all fields of those before it. */
  enum Fork {
    LONDON,
    SHANGHAI,
    CANCUN,
    PRAGUE;

    /** The fields of a header of this fork. */
    List<HeaderField> fields() {
      return Arrays.stream(HeaderField.values())
          .filter(field -> field.since.compareTo(this) <= 0)
          .toList();
    }
  }

  private final String json;
  private final FieldForm form;
  private final Fork since;

  HeaderField(String json, FieldForm form, Fork since) {
    this.json = json;
    this.form = form;
    this.since = since;
  }

  /** Its name in the answer to {@code eth_getBlockByNumber}. */
  String json() {
    return json;
  }

  FieldForm form() {
    return form;
  }
}
