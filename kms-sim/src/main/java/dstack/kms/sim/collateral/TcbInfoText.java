package dstack.kms.sim.collateral;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes TCB info of version 3 as Intel does: compact, keys in Intel's order. The signature covers
 * exactly this text.
 */
final class TcbInfoText {
  private static final String ZERO_SIGNER = "0".repeat(96);
  private static final String MODULE =
      "\"mrsigner\":\"%s\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\""
          .formatted(ZERO_SIGNER);
  private static final String TCB_DATE = "2025-08-13T00:00:00Z";
  private static final String OLD_TCB_DATE = "2024-03-13T00:00:00Z";

  private TcbInfoText() {}

  static String of(TeeKind kind, Validity validity, Bytes fmspc, Bytes pceId, PlatformSvn lowest) {
    return "{\"id\":\"%s\",\"version\":3,\"issueDate\":\"%s\",\"nextUpdate\":\"%s\","
            .formatted(kind.name(), validity.from(), validity.to())
        + "\"fmspc\":\"%s\",\"pceId\":\"%s\",".formatted(upper(fmspc), upper(pceId))
        + "\"tcbType\":0,\"tcbEvaluationDataNumber\":%d,".formatted(EvaluationData.NUMBER)
        + (kind == TeeKind.TDX ? module() : "")
        + "\"tcbLevels\":["
        + levels(kind, lowest)
        + "]}";
  }

  private static String module() {
    return "\"tdxModule\":{%s},\"tdxModuleIdentities\":[{\"id\":\"TDX_%02X\",%s,\"tcbLevels\":["
            .formatted(MODULE, TdxModule.VERSION, MODULE)
        + isvLevel(TdxModule.CURRENT_SVN, "UpToDate", List.of())
        + ","
        + isvLevel(TdxModule.OLD_SVN, "OutOfDate", List.of(TdxModule.OLD_ADVISORY))
        + "]}],";
  }

  /** One level of a TDX module or of a quoting enclave. */
  static String isvLevel(int svn, String status, List<String> advisories) {
    return "{\"tcb\":{\"isvsvn\":%d},".formatted(svn) + verdict(status, advisories) + "}";
  }

  private static String levels(TeeKind kind, PlatformSvn lowest) {
    return switch (kind) {
      case TDX ->
          Stream.of(SimulatedTcb.values())
              .map(
                  tcb ->
                      level(
                          components("sgx", lowest.cpuSvn())
                              + ",\"pcesvn\":%d,".formatted(lowest.pceSvn())
                              + components("tdx", tdxSvn(tcb)),
                          tcb.status(),
                          tcb.advisoryIds()))
              .collect(Collectors.joining(","));
      case SGX ->
          level(
              components("sgx", lowest.cpuSvn()) + ",\"pcesvn\":%d".formatted(lowest.pceSvn()),
              "UpToDate",
              List.of());
    };
  }

  /** The module's own version and SVN are judged by its identity, so the level asks little. */
  private static Bytes tdxSvn(SimulatedTcb tcb) {
    return SimulatedTcb.teeTcbSvn(TdxModule.OLD_SVN, 0, tcb.svn());
  }

  private static String level(String tcb, String status, List<String> advisories) {
    return "{\"tcb\":{" + tcb + "}," + verdict(status, advisories) + "}";
  }

  private static String verdict(String status, List<String> advisories) {
    boolean current = status.equals("UpToDate");
    String date = current ? TCB_DATE : OLD_TCB_DATE;
    String plain = "\"tcbDate\":\"%s\",\"tcbStatus\":\"%s\"".formatted(date, status);
    return advisories.isEmpty()
        ? plain
        : plain + ",\"advisoryIDs\":[\"" + String.join("\",\"", advisories) + "\"]";
  }

  private static String components(String kind, Bytes svn) {
    return IntStream.range(0, 16)
        .mapToObj(i -> "{\"svn\":" + svn.at(i) + "}")
        .collect(Collectors.joining(",", "\"" + kind + "tcbcomponents\":[", "]"));
  }

  private static String upper(Bytes value) {
    return value.hex().toUpperCase(Locale.ROOT);
  }
}
