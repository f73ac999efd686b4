package dstack.kms.onboard.setup;

import dstack.kms.onboard.preflight.CheckResult;
import dstack.kms.onboard.preflight.PreflightReport;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The preflight as {@code GET /setup/preflight} answers it. */
final class PreflightDocument {
  private PreflightDocument() {}

  static Map<String, Object> of(PreflightReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("at", report.at().truncatedTo(ChronoUnit.SECONDS).toString());
    document.put("ready", report.isReady());
    document.put("checks", report.checks().stream().map(PreflightDocument::check).toList());
    return document;
  }

  private static Map<String, Object> check(CheckResult check) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", check.id());
    entry.put("question", check.question());
    entry.put("state", check.state().name().toLowerCase(Locale.ROOT));
    entry.put("says", check.says());
    entry.put("advice", check.advice().text());
    entry.put("command", check.advice().command());
    return entry;
  }
}
