package dstack.kms.chain.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.rpc.RpcValue;
import dstack.kms.core.refusal.RefusalException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A state as the text of a file. */
public final class WatchStateFile {
  private static final String FORMAT = "dstack-kms-watch/1";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private WatchStateFile() {}

  /** The state as one JSON object. */
  public static String write(WatchState state) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("format", FORMAT);
    file.put("chainId", state.chainId());
    file.put("contracts", state.contracts().stream().sorted().map(Address::lowerCase).toList());
    file.put("first", state.first());
    file.put("visited", state.visited().stream().map(WatchStateFile::mark).toList());
    return MAPPER.writeValueAsString(file) + "\n";
  }

  private static Map<String, Object> mark(WatchState.Mark mark) {
    return Map.of("block", mark.block(), "hash", mark.hash().text());
  }

  /** The state in such a text; refuses any other. */
  public static WatchState read(String text) {
    try {
      JsonNode file = MAPPER.readTree(text);
      if (!file.path("format").asString("").equals(FORMAT) || file.size() != 5) {
        throw WatchRefusal.STATE.because("the file is no state that this program wrote");
      }
      Set<Address> contracts = new LinkedHashSet<>();
      RpcValue.member(file, "contracts")
          .forEach(each -> contracts.add(Address.parse(each.asString(""))));
      return new WatchState(
          number(file, "chainId"), contracts, number(file, "first"), marks(file.get("visited")));
    } catch (JacksonException e) {
      throw RefusalException.causedBy(
          WatchRefusal.STATE, "the file is no state that this program wrote", e);
    }
  }

  private static List<WatchState.Mark> marks(JsonNode visited) {
    return RpcValue.list(
        visited,
        each ->
            new WatchState.Mark(number(each, "block"), Word.parse(each.path("hash").asString(""))));
  }

  private static long number(JsonNode object, String name) {
    JsonNode number = RpcValue.member(object, name);
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw WatchRefusal.STATE.because(name + " in the state file is no number");
    }
    return number.longValue();
  }
}
