package dstack.kms.sim.collateral;

import dstack.kms.core.bytes.Bytes;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes TCB info of version 3 as Intel does: compact, keys in Intel's order. The signature covers
 * exactly this text.
 */
final class TcbInfoText {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String UP_TO_DATE = "UpToDate";

  private TcbInfoText() {}

  static String of(TeeKind kind, Validity validity, Bytes fmspc, Bytes pceId, PlatformSvn lowest) {
    ObjectNode info = JSON.createObjectNode();
    info.put("id", kind.name());
    info.put("version", 3);
    info.put("issueDate", validity.from().toString());
    info.put("nextUpdate", validity.to().toString());
    info.put("fmspc", upper(fmspc));
    info.put("pceId", upper(pceId));
    info.put("tcbType", 0);
    info.put("tcbEvaluationDataNumber", EvaluationData.NUMBER);
    switch (kind) {
      case TDX -> {
        module(info);
        ArrayNode levels = info.putArray("tcbLevels");
        for (SimulatedTcb tcb : SimulatedTcb.values()) {
          tdxLevel(levels.addObject(), tcb, lowest);
        }
      }
      case SGX -> sgxLevel(info.putArray("tcbLevels").addObject(), lowest);
    }
    return JSON.writeValueAsString(info);
  }

  private static void module(ObjectNode info) {
    moduleValues(info.putObject("tdxModule"));
    ObjectNode identity = info.putArray("tdxModuleIdentities").addObject();
    identity.put(
        "id", "TDX_" + HexFormat.of().withUpperCase().toHexDigits((byte) TdxModule.VERSION));
    moduleValues(identity);
    ArrayNode levels = identity.putArray("tcbLevels");
    isvLevel(levels.addObject(), TdxModule.CURRENT_SVN, UP_TO_DATE, List.of());
    isvLevel(levels.addObject(), TdxModule.OLD_SVN, "OutOfDate", List.of(TdxModule.OLD_ADVISORY));
  }

  private static void moduleValues(ObjectNode module) {
    module.put("mrsigner", "0".repeat(96));
    module.put("attributes", "0".repeat(16));
    module.put("attributesMask", "F".repeat(16));
  }

  /** One level of a TDX module or of a quoting enclave. */
  static void isvLevel(ObjectNode level, int svn, String status, List<String> advisoryIds) {
    level.putObject("tcb").put("isvsvn", svn);
    verdict(level, status, advisoryIds);
  }

  private static void sgxLevel(ObjectNode level, PlatformSvn lowest) {
    ObjectNode tcb = level.putObject("tcb");
    components(tcb.putArray("sgxtcbcomponents"), lowest.cpuSvn());
    tcb.put("pcesvn", lowest.pceSvn());
    verdict(level, UP_TO_DATE, List.of());
  }

  /** The module's own version and SVN are judged by its identity, so the level asks little. */
  private static void tdxLevel(ObjectNode level, SimulatedTcb status, PlatformSvn lowest) {
    ObjectNode tcb = level.putObject("tcb");
    components(tcb.putArray("sgxtcbcomponents"), lowest.cpuSvn());
    tcb.put("pcesvn", lowest.pceSvn());
    Bytes svn = SimulatedTcb.teeTcbSvn(TdxModule.OLD_SVN, 0, status.svn());
    components(tcb.putArray("tdxtcbcomponents"), svn);
    verdict(level, status.status(), status.advisoryIds());
  }

  private static void verdict(ObjectNode level, String status, List<String> advisoryIds) {
    boolean current = status.equals(UP_TO_DATE);
    level.put("tcbDate", current ? "2025-08-13T00:00:00Z" : "2024-03-13T00:00:00Z");
    level.put("tcbStatus", status);
    if (!advisoryIds.isEmpty()) {
      advisoryIds.forEach(level.putArray("advisoryIDs")::add);
    }
  }

  private static void components(ArrayNode list, Bytes svn) {
    for (int i = 0; i < 16; i++) {
      list.addObject().put("svn", svn.at(i));
    }
  }

  private static String upper(Bytes value) {
    return value.hex().toUpperCase(Locale.ROOT);
  }
}
