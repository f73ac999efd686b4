package dstack.kms.chain.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.governance.Fact;
import dstack.kms.chain.governance.FactReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is on a list of a contract: rebuilt from its events, and each entry asked for.
 *
 * @param title of the list
 * @param entries what the contract says is on it now
 * @param doubts entries of which events and contract say different things; sentences
 */
public record ListAudit(String title, List<AbiValue> entries, List<String> doubts) {
  /** Keeps copies. */
  public ListAudit {
    entries = List.copyOf(entries);
    doubts = List.copyOf(doubts);
  }

  /** All lists of a KMS. */
  public static List<ListAudit> ofKms(Address kms, List<EventReading> history, FactReader facts) {
    return AllowList.ofKms().stream().map(list -> of(list, kms, history, facts)).toList();
  }

  /** All lists of an application. */
  public static List<ListAudit> ofApp(Address app, List<EventReading> history, FactReader facts) {
    return AllowList.ofApp().stream().map(list -> of(list, app, history, facts)).toList();
  }

  private static ListAudit of(
      AllowList list, Address contract, List<EventReading> history, FactReader facts) {
    Map<AbiValue, Boolean> last = new LinkedHashMap<>();
    for (EventReading reading : history) {
      if (reading.event().contract().equals(contract) && list.changesBy(reading.name())) {
        last.put(reading.values().getFirst(), list.adds(reading.name()));
      }
    }
    List<AbiValue> entries = new ArrayList<>();
    List<String> doubts = new ArrayList<>();
    last.forEach(
        (value, added) -> {
          AbiValue now = facts.read(new Fact.Answer(contract, list.view(), List.of(value)));
          boolean is = now.equals(AbiValue.of(true));
          if (is) {
            entries.add(value);
          }
          if (is != added) {
            doubts.add(
                list.title()
                    + ": "
                    + value.words()
                    + (is ? " is allowed" : " is not allowed")
                    + " though its last event says otherwise: events are missing, or the contract"
                    + " is another");
          }
        });
    return new ListAudit(list.title(), entries, doubts);
  }
}
