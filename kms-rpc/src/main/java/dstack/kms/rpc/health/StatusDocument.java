package dstack.kms.rpc.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import java.util.function.Supplier;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What {@code kms status} compares between the nodes of a fleet, as JSON. */
final class StatusDocument {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .build();

  private final Readiness readiness;
  private final String version;
  private final Supplier<String> state;
  private final Supplier<NodeFacts> facts;

  /** Members of the answer, in their order. */
  private record Answer(
      String version, String state, boolean ready, @JsonUnwrapped NodeFacts facts) {}

  StatusDocument(
      Readiness readiness, String version, Supplier<String> state, Supplier<NodeFacts> facts) {
    this.readiness = readiness;
    this.version = version;
    this.state = state;
    this.facts = facts;
  }

  /** Always 200: whether the node is ready is a member. */
  HttpReply reply() {
    boolean ready = readiness.look().values().stream().allMatch(ReadyCheck.Finding::ok);
    Answer answer = new Answer(version, state.get(), ready, facts.get());
    String body = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n";
    return HttpReply.of(200, HttpReply.JSON, ReplyBody.of(body)).with("Cache-Control", "no-store");
  }
}
