package dstack.kms.rpc.tls.hostile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a server said until it closed the connection. */
final class Answer {
  private static final int CLOSE_NOTIFY = 0;

  private final StringBuilder text = new StringBuilder();
  private final List<Integer> alerts = new ArrayList<>();
  private boolean reset;

  void add(Opened record) {
    if (record.type() == 23) {
      text.append(new String(record.content(), StandardCharsets.ISO_8859_1));
    }
    if (record.type() == 21 && record.content().length == 2) {
      alerts.add((int) record.content()[1]);
    }
  }

  Answer ended(boolean byReset) {
    reset = byReset;
    return this;
  }

  /** The page that was answered, head and all. */
  String text() {
    return text.toString();
  }

  boolean isAnswered() {
    return text().contains("HTTP/1.1");
  }

  /** Whether the server said why: an alert other than that of an orderly end. */
  boolean isAlerted() {
    return alerts.stream().anyMatch(alert -> alert != CLOSE_NOTIFY);
  }

  /** A reset can overtake the alert when bytes were still under way to the server. */
  boolean isReset() {
    return reset;
  }

  @Override
  public String toString() {
    return "alerts " + alerts + (reset ? ", reset" : "") + ", text " + text();
  }
}
