package dstack.kms.rpc.metrics;

import dstack.kms.rpc.http.RequestHead;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * The two series of the original, byte for byte (specification 04 §10).
 *
 * <p>They count answers to requests for {@code GetAppKey} (sealed or not), {@code GetKmsKey} and
 * {@code SignCert} by their path, whatever the HTTP method; a failure is a status of 400 or more,
 * also when the request was refused before any method saw it.
 */
final class ReleaseCounters implements Family {
  private static final Pattern COUNTED =
      Pattern.compile("/prpc/(?:KMS\\.)*(?:GetAppKey|GetAppKeySealed|GetKmsKey|SignCert)");
  private static final String REQUESTS = "dstack_kms_attestation_requests_total";
  private static final String FAILURES = "dstack_kms_attestation_failures_total";

  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();

  void answered(RequestHead head, int status) {
    if (COUNTED.matcher(head.path()).matches()) {
      requests.increment();
      if (status >= 400) {
        failures.increment();
      }
    }
  }

  @Override
  public void writeTo(PrometheusText text) {
    text.family(REQUESTS, "counter", "Total number of KMS attestation requests.")
        .sample(REQUESTS, Map.of(), (double) requests.sum())
        .family(FAILURES, "counter", "Total number of failed KMS attestation requests.")
        .sample(FAILURES, Map.of(), (double) failures.sum());
  }
}
