package dstack.kms.onboard.setup;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;

/**
 * The page at {@code GET /}: what state the node is in and where to go on. No script, no network.
 */
final class SetupPage {
  private static final String TYPE = "text/html; charset=utf-8";
  private static final String TEMPLATE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>{title}</title></head>
      <body>
      <h1>{title}</h1>
      <p>{state}</p>
      <ul>
      <li><a href="/prpc/Onboard.GetAttestationInfo?json">Attestation info</a>
      for registration with the authority (<code>GET /prpc/Onboard.GetAttestationInfo?json</code>)</li>
      <li><code>POST /prpc/Onboard.Bootstrap?json</code> with <code>{"domain":"…"}</code>
      makes the root keys</li>
      <li><code>GET /finish</code> ends set-up and starts the service</li>
      </ul>
      </body>
      </html>
      """;

  private final String title;

  SetupPage(String siteName) {
    title = escaped(siteName.isBlank() ? "dstack KMS Setup" : siteName);
  }

  HttpReply reply(boolean hasKeys) {
    String state =
        hasKeys ? "This node has its keys. Set-up can be finished." : "This node has no keys yet.";
    return HttpReply.of(200, TYPE, ReplyBody.of(text(state)))
        .with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .with("X-Content-Type-Options", "nosniff")
        .with("Cache-Control", "no-store");
  }

  /** The title goes in last: it is the operator's text and may contain anything. */
  private String text(String state) {
    return TEMPLATE.replace("{state}", state).replace("{title}", title);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
