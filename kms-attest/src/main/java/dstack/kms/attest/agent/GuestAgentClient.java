package dstack.kms.attest.agent;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Asks the guest agent, one connection for each question. Safe for use by several threads.
 *
 * <p>Another status than 200 is refused with {@code Invalid status code: {n}, path={path}}; the
 * answer's body is for the operator's log only.
 */
public final class GuestAgentClient implements QuoteSource {
  private static final int SHOWN_BODY = 512;

  private final AgentAddress address;
  private final Duration connectTimeout;
  private final Duration totalTimeout;

  /** A client with a bound for connecting and one for a whole question and answer. */
  public GuestAgentClient(AgentAddress address, Duration connectTimeout, Duration totalTimeout) {
    this.address = address;
    this.connectTimeout = connectTimeout;
    this.totalTimeout = totalTimeout;
  }

  @Override
  public Bytes attest(ReportData reportData) {
    JsonObject answer = call("Attest", "{\"report_data\":\"" + reportData + "\"}");
    Bytes attestation = answer.prefixedHex("attestation");
    if (attestation.isEmpty()) {
      throw new RefusalException(
          AgentRefusal.MALFORMED_ANSWER, "the guest agent answered without an attestation");
    }
    return attestation;
  }

  @Override
  public String vmConfig() {
    return info().vmConfig();
  }

  /** What the agent says about this machine. */
  public GuestInfo info() {
    return GuestInfo.of(call("Info", "null"));
  }

  private JsonObject call(String method, String body) {
    String path = method + "?json";
    HttpAnswer answer = exchange(request(path, Bytes.utf8(body)));
    if (answer.status() != 200) {
      throw new RefusalException(
          AgentRefusal.STATUS,
          "Invalid status code: " + answer.status() + ", path=" + path,
          answer.body().slice(0, Math.min(SHOWN_BODY, answer.body().length())).utf8Text());
    }
    String text =
        answer.body().strictUtf8Text().orElseThrow(() -> HttpAnswerReader.malformed("no UTF-8"));
    return StrictJson.object(text, AgentRefusal.MALFORMED_ANSWER);
  }

  private Bytes request(String path, Bytes body) {
    String head =
        "POST "
            + address.base()
            + path
            + " HTTP/1.1\r\nHost: "
            + address.host()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n";
    return Bytes.concat(Bytes.utf8(head), body);
  }

  private HttpAnswer exchange(Bytes request) {
    try (AgentConnection connection =
        AgentConnection.open(address.socket(), connectTimeout, Deadline.in(totalTimeout))) {
      connection.write(request);
      return new HttpAnswerReader(connection.input()).read();
    } catch (SocketTimeoutException e) {
      throw RefusalException.causedBy(
          AgentRefusal.TIMEOUT, "the guest agent did not answer in time", e);
    } catch (IOException e) {
      throw RefusalException.causedBy(
          AgentRefusal.UNREACHABLE, "the guest agent cannot be reached", e);
    }
  }
}
