package dstack.kms.cli.dev;

import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Types {@code kms gov} commands as the owner of a local chain's first account. */
record GovDesk(Operator operator, Map<String, String> variables) {
  /** The variable that holds the key. */
  static final String KEY_VARIABLE = "KMS_DEV_CHAIN_KEY";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Keeps a copy. */
  GovDesk {
    variables = Map.copyOf(variables);
  }

  /** On that chain; no contract is named. */
  static GovDesk at(LocalChain chain, Operator operator) {
    return new GovDesk(
        operator, Map.of("RPC_URL", chain.url().toString(), KEY_VARIABLE, LocalChain.KEY));
  }

  /** The same about that contract. */
  GovDesk about(String contract) {
    Map<String, String> more = new HashMap<>(variables);
    more.put("KMS_CONTRACT_ADDR", contract);
    return new GovDesk(operator, more);
  }

  /** Changes something; the answer of the command, which must end well. */
  JsonNode type(String... words) {
    List<String> command = new ArrayList<>(List.of("gov"));
    command.addAll(List.of(words));
    command.addAll(List.of("--key-env", KEY_VARIABLE, "--yes", "--json"));
    Operator.Ended ended = operator.type(variables, command);
    if (ended.status() != 0) {
      throw failed(command, " ended with " + ended.status() + ": " + ended.out() + ended.err());
    }
    try {
      return JSON.readTree(ended.out());
    } catch (JacksonException e) {
      throw failed(command, " answered no JSON: " + ended.out());
    }
  }

  private static RefusalException failed(List<String> command, String text) {
    return new RefusalException(
        DevRefusal.CHAIN, "kms " + String.join(" ", command) + text.replaceAll("\\s+", " "));
  }
}
