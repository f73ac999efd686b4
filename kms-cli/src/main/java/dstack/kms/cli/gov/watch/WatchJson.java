package dstack.kms.cli.gov.watch;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.chain.watch.EventReading;
import java.util.List;

/** An event for programs: a line of {@code --json}, and the body of an alert. */
@JsonPropertyOrder({
  "block",
  "transaction",
  "index",
  "contract",
  "concern",
  "event",
  "text",
  "inner"
})
record WatchJson(
    long block,
    String transaction,
    long index,
    String contract,
    String concern,
    String event,
    String text,
    List<String> inner) {
  static WatchJson of(EventReading reading) {
    return new WatchJson(
        reading.event().block(),
        reading.event().transaction().text(),
        reading.event().index(),
        reading.event().contract().checksummed(),
        reading.concern().word(),
        reading.name(),
        reading.sentence(),
        reading.inner());
  }
}
