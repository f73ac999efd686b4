package dstack.kms.chain.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class KnownEventsTest {
  @Test
  void knowsEveryEventOfTheVectorsThatAWatcherCanSee() {
    Set<String> topics = new HashSet<>();
    JsonNode selectors = Vectors.json("contracts/selectors.json");
    for (JsonNode contract : selectors) {
      contract.path("events").properties().stream()
          .filter(event -> !event.getKey().startsWith("ProxyCreation"))
          .forEach(event -> topics.add(event.getValue().stringValue()));
    }
    assertThat(KnownEvents.all()).extracting(form -> form.topic().text()).containsAll(topics);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DstackKms.current", "DstackApp.current", "TimelockController.v5", "Safe.v1.4.1"})
  void knowsWhichParametersAreTopics(String contract) {
    List<JsonNode> events =
        Vectors.json("contracts/" + contract + ".abi.json")
            .valueStream()
            .filter(entry -> entry.path("type").asString("").equals("event"))
            .toList();
    assertThat(events).isNotEmpty();
    for (JsonNode event : events) {
      List<Boolean> indexed =
          event
              .get("inputs")
              .valueStream()
              .map(each -> each.get("indexed").booleanValue())
              .toList();
      assertThat(KnownEvents.all())
          .filteredOn(
              form -> form.phrase().signature().name().equals(event.get("name").stringValue()))
          .extracting(EventForm::indexed)
          .as(event.get("name").stringValue())
          .contains(indexed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void readsTheOutcomeOfASafeInTheFormsOfBothVersions(int topic) {
    Word hash = Word.parse("ab".repeat(32));
    Word success = Word.parse("442e715f626346e8c54381002da614f62bee8d27386535b2521ec8540898556e");
    List<Word> topics = topic == 1 ? List.of(success, hash) : List.of(success);
    Bytes data = Bytes.concat(topic == 1 ? Bytes.EMPTY : hash.value(), Bytes.zeros(32));
    EventReading reading = EventReading.of(event(topics, data));
    assertThat(reading.concern()).isEqualTo(Concern.SAFE);
    assertThat(reading.sentence()).isEqualTo("it executed " + hash);
  }

  @Test
  void callsUnknownWhatItCannotRead() {
    Word upgraded = Word.parse("bc7cd75a20ee27fd9adebab32041f755214dbc6bffa90cc0225b39da2e5c2d3b");
    Word notAnAddress = Word.parse("ff".repeat(32));
    Stream.of(
            event(List.of(), Bytes.EMPTY),
            event(List.of(Word.ZERO), Bytes.EMPTY),
            event(List.of(upgraded), Bytes.EMPTY),
            event(List.of(upgraded, Word.ZERO, Word.ZERO), Bytes.EMPTY),
            event(List.of(upgraded, Word.ZERO), Bytes.zeros(32)),
            event(List.of(upgraded, notAnAddress), Bytes.EMPTY))
        .forEach(
            event ->
                assertThat(EventReading.of(event).concern())
                    .as(event.toString())
                    .isEqualTo(Concern.UNKNOWN));
  }

  private static ChainEvent event(List<Word> topics, Bytes data) {
    return new ChainEvent(1, Word.ZERO, Word.ZERO, 0, Address.ZERO, topics, data);
  }
}
