package dstack.kms.rpc.health;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * All checks of this node. It is ready when every one holds; a check that throws does not hold.
 *
 * <p>Notes (for example weakened settings) show beside the checks and do not make a node unready.
 */
public final class Readiness {
  private static final Logger log = LoggerFactory.getLogger(Readiness.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<ReadyCheck> checks = new CopyOnWriteArrayList<>();
  private final Supplier<List<String>> notes;

  /** Checks are added later; the notes are asked for at each reading. */
  public Readiness(Supplier<List<String>> notes) {
    this.notes = notes;
  }

  /** Adds a check, in the order of the answer. */
  public void add(ReadyCheck check) {
    checks.add(check);
  }

  /** What each check finds now, by its name. */
  public Map<String, ReadyCheck.Finding> look() {
    Map<String, ReadyCheck.Finding> found = new LinkedHashMap<>();
    for (ReadyCheck check : checks) {
      found.put(check.name(), look(check));
    }
    return found;
  }

  /** What is worth knowing beside the checks. */
  List<String> notes() {
    return notes.get();
  }

  /** 200 when every check holds, else 503; the body names each check as JSON. */
  public HttpReply reply() {
    Map<String, ReadyCheck.Finding> found = look();
    boolean ready = found.values().stream().allMatch(ReadyCheck.Finding::ok);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ready", ready);
    answer.put("checks", found);
    answer.put("notes", notes.get());
    String body = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n";
    return HttpReply.of(ready ? 200 : 503, HttpReply.JSON, ReplyBody.of(body));
  }

  private static ReadyCheck.Finding look(ReadyCheck check) {
    try {
      return check.finding().get();
    } catch (RuntimeException e) { // a request boundary: one broken check must not hide the others
      log.warn("ready check {} failed", check.name(), e);
      return ReadyCheck.Finding.bad("the check itself failed; see the log");
    }
  }
}
