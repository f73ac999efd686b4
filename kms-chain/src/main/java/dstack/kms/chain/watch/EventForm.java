package dstack.kms.chain.watch;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Parameter;
import dstack.kms.chain.calldata.Phrase;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An event as one version of a contract emits it.
 *
 * @param concern what it is about
 * @param phrase its parameters in their order and what it means
 * @param indexed for each parameter whether it is a topic
 */
record EventForm(Concern concern, Phrase phrase, List<Boolean> indexed) {
  EventForm {
    indexed = List.copyOf(indexed);
  }

  /** Reads Solidity's form, for example {@code Upgraded(address indexed implementation)}. */
  static EventForm of(Concern concern, String declaration, String meaning) {
    String inner =
        declaration.substring(declaration.indexOf('(') + 1, declaration.lastIndexOf(')'));
    List<Boolean> indexed =
        inner.isEmpty()
            ? List.of()
            : Stream.of(inner.split(",", -1)).map(each -> each.contains(" indexed ")).toList();
    return new EventForm(
        concern, Phrase.of(declaration.replace(" indexed ", " "), meaning), indexed);
  }

  Word topic() {
    return new Word(phrase.signature().topic());
  }

  /** Whether an event with that many topics is of this version. */
  boolean hasTopics(int count) {
    return count == 1 + indexed.stream().filter(Boolean::booleanValue).count();
  }

  /** The values of all parameters in their order; refused unless canonical. */
  List<AbiValue> values(ChainEvent event) {
    Iterator<Word> topics = event.topics().subList(1, event.topics().size()).iterator();
    Iterator<AbiValue> data = part(false).decodeArguments(event.data()).iterator();
    List<AbiValue> values = new ArrayList<>();
    for (int i = 0; i < indexed.size(); i++) {
      values.add(indexed.get(i) ? topic(i, topics.next().value()) : data.next());
    }
    return values;
  }

  private AbiValue topic(int index, Bytes word) {
    Parameter parameter = phrase.signature().parameters().get(index);
    return new Signature("topic", List.of(parameter)).decodeArguments(word).getFirst();
  }

  private Signature part(boolean ofTopics) {
    List<Parameter> parameters = phrase.signature().parameters();
    List<Parameter> chosen = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      if (indexed.get(i) == ofTopics) {
        chosen.add(parameters.get(i));
      }
    }
    return new Signature(phrase.signature().name(), chosen);
  }
}
