package dstack.kms.cli.config;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.Setting;
import dstack.kms.core.config.Weakening;
import java.io.PrintWriter;
import java.util.List;

/** What {@code kms config check} answers. */
@JsonPropertyOrder({"settings", "warnings", "weakenings"})
record ConfigReport(List<Setting> settings, List<String> warnings, List<Weakening> weakenings) {
  static ConfigReport of(KmsConfig config) {
    return new ConfigReport(config.explain(), config.warnings(), config.weakenings());
  }

  /** One line per value, then one per warning and weakening. */
  void print(PrintWriter out) {
    int widest = settings.stream().mapToInt(each -> each.key().length()).max().orElse(1);
    for (Setting each : settings) {
      String key = each.key() + " ".repeat(widest - each.key().length());
      out.println(key + " = " + quoted(each.value()) + "  # " + each.origin());
    }
    warnings.forEach(text -> out.println("warning: " + text));
    weakenings.forEach(each -> out.println("weakened: " + each.key() + ": " + each.text()));
  }

  private static String quoted(String value) {
    return value.matches("-?[0-9]+|true|false") || value.startsWith("(")
        ? value
        : JsonText.of(value);
  }
}
