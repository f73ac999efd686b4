package dstack.kms.rpc.health;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The read-only page that shows a person what {@code /ready} tells a program. */
final class StatusPage {
  private static final String HTML = "text/html; charset=utf-8";

  private final Readiness readiness;
  private final String version;
  private final Supplier<String> state;

  StatusPage(Readiness readiness, String version, Supplier<String> state) {
    this.readiness = readiness;
    this.version = version;
    this.state = state;
  }

  HttpReply reply() {
    StringBuilder rows = new StringBuilder();
    for (Map.Entry<String, ReadyCheck.Finding> entry : readiness.look().entrySet()) {
      rows.append("<tr><td>").append(escape(entry.getKey())).append("</td><td>");
      rows.append(entry.getValue().ok() ? "yes" : "<strong>no</strong>").append("</td><td>");
      rows.append(escape(entry.getValue().text())).append("</td></tr>\n");
    }
    String html =
        String.format(
            Locale.ROOT,
            """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>dstack KMS status</title>
            <style>
            :root { color-scheme: light dark; font-family: sans-serif; }
            body { margin: 2rem auto; max-width: 50rem; padding: 0 1rem; }
            td { padding: .3rem 1rem .3rem 0; vertical-align: top; }
            </style></head>
            <body>
            <h1>dstack KMS</h1>
            <p>%s, state: %s</p>
            <table>
            <caption>Ready checks</caption>
            %s</table>
            <p><a href="/ready">/ready</a> <a href="/metrics">/metrics</a></p>
            </body>
            </html>
            """,
            escape(version),
            escape(state.get()),
            rows);
    return HttpReply.of(200, HTML, ReplyBody.of(html))
        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        .with("Cache-Control", "no-store");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
