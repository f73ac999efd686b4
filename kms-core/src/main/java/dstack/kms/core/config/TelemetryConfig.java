package dstack.kms.core.config;

import java.util.Optional;

/**
 * What the node tells besides its metrics: {@code [core.logging]} and {@code [core.telemetry]}.
 *
 * @param logFormat the form of a line in the log
 * @param collector where traces are sent by OTLP over HTTP; empty for nowhere
 * @param serviceName the name under which they appear
 * @param queue spans that wait to be sent; more are dropped
 */
public record TelemetryConfig(
    LogFormat logFormat, Optional<EndpointUrl> collector, String serviceName, int queue) {
  static TelemetryConfig read(Section core) {
    Section telemetry = core.table("telemetry");
    return new TelemetryConfig(
        core.table("logging").word("format", LogFormat.TEXT),
        telemetry.urls().optional("otlp_endpoint"),
        telemetry.text("service_name", "dstack-kms"),
        telemetry.number("queue", 4096, 1, 1_000_000));
  }
}
