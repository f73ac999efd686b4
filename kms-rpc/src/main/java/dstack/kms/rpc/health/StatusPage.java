package dstack.kms.rpc.health;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The read-only page that shows a person what {@code /ready} tells a program. */
final class StatusPage {
  private static final String HTML = "text/html; charset=utf-8";

  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

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
      rows.append("<tr><th scope=\"row\">").append(escape(entry.getKey())).append("</th><td>");
      rows.append(entry.getValue().ok() ? "yes" : "<strong>no</strong>").append("</td><td>");
      rows.append(escape(entry.getValue().text())).append("</td></tr>\n");
    }
    return page(rows, notes());
  }

  /** Without a script: the browser itself looks again every ten seconds. */
  private HttpReply page(CharSequence rows, CharSequence notes) {
    String html =
        String.format(
            Locale.ROOT,
            """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>dstack KMS status</title>
            <link rel="icon" href="data:,">
            <style>
            :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
            body { margin: 2rem auto; max-width: 50rem; padding: 0 1rem; }
            caption { font-weight: bold; text-align: left; }
            th, td { padding: .3rem 1rem .3rem 0; text-align: left; vertical-align: top; }
            td { overflow-wrap: anywhere; }
            </style></head>
            <body>
            <h1>dstack KMS</h1>
            <p>%s, state: %s</p>
            <table>
            <caption>Ready checks</caption>
            <thead><tr><th scope="col">check</th><th scope="col">holds</th>
            <th scope="col">found</th></tr></thead>
            <tbody>
            %s</tbody></table>
            %s<p><a href="/ready">/ready</a> <a href="/metrics">/metrics</a></p>
            </body>
            </html>
            """,
            escape(version),
            escape(state.get()),
            rows,
            notes);
    return HttpReply.of(200, HTML, ReplyBody.of(html))
        .with("Content-Security-Policy", POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "no-referrer")
        .with("Cache-Control", "no-store");
  }

  private CharSequence notes() {
    StringBuilder items = new StringBuilder();
    for (String note : readiness.notes()) {
      items.append("<li>").append(escape(note)).append("</li>\n");
    }
    return items.isEmpty() ? "" : "<h2>Notes</h2>\n<ul>\n" + items + "</ul>\n";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
