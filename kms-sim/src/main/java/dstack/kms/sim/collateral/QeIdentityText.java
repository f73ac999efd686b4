package dstack.kms.sim.collateral;

import java.util.List;
import java.util.Locale;

/** Writes a QE identity of version 2 as Intel does: compact, keys in Intel's order. */
final class QeIdentityText {
  private QeIdentityText() {}

  static String of(TeeKind kind, Validity validity) {
    String id = kind == TeeKind.TDX ? "TD_QE" : "QE";
    return "{\"id\":\"%s\",\"version\":2,\"issueDate\":\"%s\",\"nextUpdate\":\"%s\","
            .formatted(id, validity.from(), validity.to())
        + "\"tcbEvaluationDataNumber\":%d,".formatted(EvaluationData.NUMBER)
        + "\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\","
        + "\"attributes\":\"11000000000000000000000000000000\","
        + "\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\","
        + "\"mrsigner\":\"%s\",".formatted(QuotingEnclave.MR_SIGNER.hex().toUpperCase(Locale.ROOT))
        + "\"isvprodid\":%d,\"tcbLevels\":[".formatted(QuotingEnclave.productId(kind))
        + TcbInfoText.isvLevel(QuotingEnclave.CURRENT_SVN, "UpToDate", List.of())
        + ","
        + TcbInfoText.isvLevel(
            QuotingEnclave.OLD_SVN, "OutOfDate", List.of(QuotingEnclave.OLD_ADVISORY))
        + "]}";
  }
}
