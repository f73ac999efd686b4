package dstack.kms.attest.issuer;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The hosts that may be asked. In a pattern, {@code *} stands for one or more letters, digits and
 * hyphens, so it never reaches over a dot; letter case does not matter.
 */
public final class HostPatterns {
  private static final Pattern WELL_FORMED = Pattern.compile("[a-z0-9*-]+(\\.[a-z0-9*-]+)+");

  private final List<Pattern> patterns;

  private HostPatterns(List<Pattern> patterns) {
    this.patterns = patterns;
  }

  /**
   * These patterns.
   *
   * @throws IllegalArgumentException if one is no host name of at least two labels
   */
  public static HostPatterns of(String... patterns) {
    return new HostPatterns(List.of(patterns).stream().map(HostPatterns::compile).toList());
  }

  /** Where Google keeps the certificates and lists behind vTPM attestation keys. */
  public static HostPatterns google() {
    return of("privateca-content-*.storage.googleapis.com", "pki.goog", "*.pki.goog");
  }

  /** Where Amazon keeps the lists of the regional and zonal authorities behind Nitro documents. */
  public static HostPatterns amazon() {
    return of(
        "aws-nitro-enclaves-crl.s3.amazonaws.com", "crl-*-aws-nitro-enclaves.s3.*.amazonaws.com");
  }

  private static Pattern compile(String pattern) {
    String lower = pattern.toLowerCase(Locale.ROOT);
    if (!WELL_FORMED.matcher(lower).matches()) {
      throw new IllegalArgumentException("not a pattern of a host name: " + pattern);
    }
    return Pattern.compile(lower.replace(".", "\\.").replace("*", "[a-z0-9-]+"));
  }

  boolean allow(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return patterns.stream().anyMatch(pattern -> pattern.matcher(lower).matches());
  }
}
