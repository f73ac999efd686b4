package dstack.kms.core.csr;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the certificate shall say, as asked for.
 *
 * @param organization the O of the subject, if any
 * @param subject the CN of the subject
 * @param altNames IP addresses or DNS names
 * @param serverAuth whether it shall be good for serving
 * @param clientAuth whether it shall be good for connecting
 * @param withAttestation whether it shall carry the evidence
 * @param withAppInfo whether it shall carry the app info
 * @param notBefore the first second of validity, if asked for
 * @param notAfter the last second of validity, if asked for
 */
public record CsrConfig(
    @Nullable String organization,
    String subject,
    List<String> altNames,
    boolean serverAuth,
    boolean clientAuth,
    boolean withAttestation,
    boolean withAppInfo,
    @Nullable Instant notBefore,
    @Nullable Instant notAfter) {
  public CsrConfig {
    altNames = List.copyOf(altNames);
  }
}
