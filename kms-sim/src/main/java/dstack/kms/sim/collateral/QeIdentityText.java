package dstack.kms.sim.collateral;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a QE identity of version 2 as Intel does: compact, keys in Intel's order. */
final class QeIdentityText {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private QeIdentityText() {}

  static String of(TeeKind kind, Validity validity) {
    ObjectNode identity = JSON.createObjectNode();
    identity.put("id", kind == TeeKind.TDX ? "TD_QE" : "QE");
    identity.put("version", 2);
    identity.put("issueDate", validity.from().toString());
    identity.put("nextUpdate", validity.to().toString());
    identity.put("tcbEvaluationDataNumber", EvaluationData.NUMBER);
    identity.put("miscselect", "00000000");
    identity.put("miscselectMask", "FFFFFFFF");
    identity.put("attributes", "11000000000000000000000000000000");
    identity.put("attributesMask", "FBFFFFFFFFFFFFFF0000000000000000");
    identity.put("mrsigner", QuotingEnclave.MR_SIGNER.hex().toUpperCase(Locale.ROOT));
    identity.put("isvprodid", QuotingEnclave.productId(kind));
    ArrayNode levels = identity.putArray("tcbLevels");
    TcbInfoText.isvLevel(levels.addObject(), QuotingEnclave.CURRENT_SVN, "UpToDate", List.of());
    TcbInfoText.isvLevel(
        levels.addObject(),
        QuotingEnclave.OLD_SVN,
        "OutOfDate",
        List.of(QuotingEnclave.OLD_ADVISORY));
    return JSON.writeValueAsString(identity);
  }
}
