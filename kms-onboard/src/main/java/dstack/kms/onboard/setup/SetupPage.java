package dstack.kms.onboard.setup;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;

/** The page at {@code GET /} (specification 04 §4.6); what it shows its scripts fetch. */
final class SetupPage {
  private static final String TYPE = "text/html; charset=utf-8";

  private final String template = PageFiles.text("page.html");
  private final String title;

  SetupPage(String title) {
    this.title = escaped(title);
  }

  HttpReply reply(boolean hasKeys) {
    String state =
        hasKeys ? "This node has its keys. Set-up can be finished." : "This node has no keys yet.";
    return HttpReply.of(200, TYPE, ReplyBody.of(text(state)));
  }

  /** The title goes in last: it is the operator's text and may contain anything. */
  private String text(String state) {
    return template.replace("{state}", state).replace("{title}", title);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
