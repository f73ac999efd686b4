package dstack.kms.attest.dcap;

import dstack.kms.core.bytes.Bytes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The content of a TCB info document (specification 11 §6.5). Texts are as they stand there; hex is
 * decoded where it is used, because the order of the checks decides the refusal.
 */
record TcbInfo(
    String id,
    int version,
    String issueDate,
    String nextUpdate,
    String fmspc,
    String pceId,
    long tcbType,
    long tcbEvaluationDataNumber,
    List<TcbLevel> tcbLevels,
    Optional<TdxModule> tdxModule,
    List<TdxModuleIdentity> tdxModuleIdentities) {

  boolean isForTdx() {
    return version >= 3 && id.equals("TDX");
  }

  boolean isForSgx() {
    return version >= 2 && id.equals("SGX");
  }

  /** The same with its levels in the order in which they are tried (specification 11 §6.6). */
  TcbInfo withSortedLevels() {
    return new TcbInfo(
        id,
        version,
        issueDate,
        nextUpdate,
        fmspc,
        pceId,
        tcbType,
        tcbEvaluationDataNumber,
        tcbLevels.stream().sorted(TcbLevel.highestFirst(isForTdx())).toList(),
        tdxModule,
        tdxModuleIdentities);
  }

  /** What the TDX module must be; the values are hex texts. */
  record TdxModule(String mrSigner, String attributes, String attributesMask) {}

  /** What a TDX module of one version must be, and how current each of its releases is. */
  record TdxModuleIdentity(String id, TdxModule expected, List<SvnLevel> tcbLevels) {}

  /** The verdict on everything at or above one security version. */
  record SvnLevel(int isvSvn, TcbVerdict verdict) {}

  /** One level of the platform: lower bounds and the verdict on what meets them. */
  record TcbLevel(Bytes sgxComponents, Bytes tdxComponents, int pceSvn, TcbVerdict verdict) {
    static Comparator<TcbLevel> highestFirst(boolean tdx) {
      Comparator<TcbLevel> order =
          Comparator.comparing(TcbLevel::sgxComponents, TcbLevel::lexicographic)
              .thenComparingInt(TcbLevel::pceSvn);
      return (tdx ? order.thenComparing(TcbLevel::tdxComponents, TcbLevel::lexicographic) : order)
          .reversed();
    }

    private static int lexicographic(Bytes left, Bytes right) {
      return Arrays.compareUnsigned(left.toArray(), right.toArray());
    }
  }
}
