package dstack.kms.chain.testing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import java.util.List;

/** The argument of both decision functions (specification 20 §1). */
public record Boot(
    Address appId,
    Word composeHash,
    Address instanceId,
    Word deviceId,
    Word mrAggregated,
    Word mrSystem,
    Word osImageHash,
    String tcbStatus,
    List<String> advisoryIds) {
  /** The ABI's name of the tuple. */
  public static final String TUPLE =
      "(address,bytes32,address,bytes32,bytes32,bytes32,bytes32,string,string[])";

  /** A boot of an application; what its policy does not look at is zero. */
  public static Boot ofApp(Address app, Word composeHash, Word device, Word image) {
    return new Boot(
        app, composeHash, Address.ZERO, device, Word.ZERO, Word.ZERO, image, "UpToDate", List.of());
  }

  /** A boot of a KMS node; what its policy does not look at is zero. */
  public static Boot ofKms(Word mrAggregated, Word device, Word image) {
    return new Boot(
        Address.ZERO,
        Word.ZERO,
        Address.ZERO,
        device,
        mrAggregated,
        Word.ZERO,
        image,
        "UpToDate",
        List.of());
  }

  /** The same with another firmware verdict. */
  public Boot withTcbStatus(String status) {
    return new Boot(
        appId,
        composeHash,
        instanceId,
        deviceId,
        mrAggregated,
        mrSystem,
        osImageHash,
        status,
        advisoryIds);
  }

  List<Object> members() {
    return List.of(
        appId,
        composeHash,
        instanceId,
        deviceId,
        mrAggregated,
        mrSystem,
        osImageHash,
        tcbStatus,
        advisoryIds);
  }
}
