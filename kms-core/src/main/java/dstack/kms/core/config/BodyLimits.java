package dstack.kms.core.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many bytes the body of a request may have, by method; exactly the limit passes (specification
 * 00 §9). Method names compare without regard to case (01 §6).
 */
public final class BodyLimits {
  static final List<String> KMS_METHODS =
      List.of(
          "GetAppKey",
          "GetAppKeySealed",
          "GetKmsKey",
          "GetAppEnvEncryptPubKey",
          "GetMeta",
          "GetTempCaCert",
          "SignCert",
          "ClearImageCache");
  static final List<String> ONBOARD_METHODS =
      List.of("Bootstrap", "Onboard", "GetAttestationInfo", "Finish");
  static final List<String> ADMIN_METHODS = List.of("ClearImageCache");

  private static final long MIB = 1L << 20;

  private final Map<String, Long> byMethod;

  /** Limits in bytes by method name; 1 MiB for every other method. */
  public BodyLimits(Map<String, Long> byMethod) {
    this.byMethod = Map.copyOf(byMethod);
  }

  static BodyLimits read(Section limits, List<String> methods) {
    Map<String, Long> byMethod = new LinkedHashMap<>();
    for (String method : methods) {
      long otherwise = method.equals("SignCert") ? 10 * MIB : MIB;
      byMethod.put(method.toLowerCase(Locale.ROOT), limits.sizeOfMethod(method, otherwise));
    }
    return new BodyLimits(byMethod);
  }

  /** The limit of the method in bytes; 1 MiB for a method that this listener does not name. */
  public long of(String method) {
    return byMethod.getOrDefault(method.toLowerCase(Locale.ROOT), MIB);
  }

  /** The largest limit of any method. */
  public long largest() {
    return byMethod.values().stream().mapToLong(Long::longValue).max().orElse(MIB);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BodyLimits that && byMethod.equals(that.byMethod);
  }

  @Override
  public int hashCode() {
    return byMethod.hashCode();
  }

  @Override
  public String toString() {
    return "BodyLimits" + byMethod;
  }
}
