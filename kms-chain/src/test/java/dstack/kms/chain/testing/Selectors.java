package dstack.kms.chain.testing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** The identifiers of functions, events and errors, as the vectors have them. */
public final class Selectors {
  private static final Map<String, JsonNode> READ = new ConcurrentHashMap<>();

  private Selectors() {}

  /** The identifiers of one kind ({@code functions}, {@code events}, {@code errors}). */
  public static Map<String, String> of(String contract, String kind) {
    Map<String, String> found = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : vectors().get(contract).get(kind).properties()) {
      found.put(each.getKey(), each.getValue().asString());
    }
    return found;
  }

  /** A member of one of the other tables, for example {@code storage}. */
  public static Word word(String table, String name) {
    return Word.parse(vectors().get(table).get(name).asString());
  }

  /** The four bytes of an interface. */
  public static Bytes interfaceId(String name) {
    return Bytes.fromHex(vectors().get("interfaceIds").get(name).asString().substring(2));
  }

  /** The revert data of an error whose arguments are static. */
  public static Bytes error(String signature, Object... arguments) {
    String id = find("errors", signature);
    return Bytes.concat(Bytes.fromHex(id.substring(2)), Calldata.arguments(arguments));
  }

  /** A log of an event: its topics first, then what is not indexed. */
  public static Receipt.Log log(
      Address emitter, String signature, List<Word> indexed, Object... data) {
    List<Word> topics = new ArrayList<>();
    topics.add(Word.parse(find("events", signature)));
    topics.addAll(indexed);
    return new Receipt.Log(emitter, topics, Calldata.arguments(data));
  }

  /** A log of PolicyChanged. */
  public static Receipt.Log policy(
      Address emitter, Address actor, String policy, Word value, boolean enabled) {
    return log(
        emitter,
        "PolicyChanged(address,bytes32,bytes32,bool)",
        List.of(actor.word(), word("policyTopics", policy), value),
        enabled);
  }

  /** Read when they are first needed: a test without vectors is left out and does not fail. */
  private static JsonNode vectors() {
    return READ.computeIfAbsent("contracts/selectors.json", Vectors::json);
  }

  private static String find(String kind, String signature) {
    for (JsonNode contract : vectors().values()) {
      JsonNode found = contract.path(kind).path(signature);
      if (found.isString()) {
        return found.asString();
      }
    }
    throw new AssertionError("the vectors have no " + signature);
  }
}
