package dstack.kms.cli.authapi;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.cli.Program;
import dstack.kms.cli.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kms auth-api} with the variables of the original's service, on a real chain. */
class AuthApiCommandTest extends ChainTest {
  private static final int ASKED_AGAIN = 5_000;
  private static final String NODE =
      """
      {"mrAggregated": "0x%s", "osImageHash": "0x%s", "appId": "0x%s", "composeHash": "0x%s",
       "instanceId": "0x%s", "deviceId": "0x%s", "tcbStatus": "UpToDate",
       "attestationMode": "dstack-tdx"}
      """
          .formatted(
              "05".repeat(32),
              "03".repeat(32),
              "01".repeat(20),
              "02".repeat(32),
              "06".repeat(20),
              "04".repeat(32));

  private final HttpClient http = HttpClient.newHttpClient();

  /** A running command. */
  private static final class Served implements AutoCloseable {
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final Thread thread;
    private final String url;

    Served(Map<String, String> variables, String... options) throws IOException {
      PipedInputStream output = new PipedInputStream();
      PrintStream out =
          new PrintStream(new PipedOutputStream(output), true, StandardCharsets.UTF_8);
      PrintStream err =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      String[] arguments = new String[options.length + 1];
      arguments[0] = "auth-api";
      System.arraycopy(options, 0, arguments, 1, options.length);
      thread =
          Thread.ofPlatform()
              .start(() -> status.complete(new Program(out, err, variables).run(arguments)));
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
      String line = lines.readLine();
      assertThat(line).startsWith("auth API: http://127.0.0.1:");
      url = line.substring("auth API: ".length(), line.length() - 1);
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        assertThat(status.get(30, TimeUnit.SECONDS)).isZero();
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("the command did not end", e);
      }
    }
  }

  @AfterAll
  void closesTheClient() {
    http.close();
  }

  private Map<String, String> variables(String endpoint) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PORT", "0");
    variables.put("ETH_RPC_URL", endpoint);
    variables.put("KMS_CONTRACT_ADDR", kms.kms().lowerCase());
    return variables;
  }

  private HttpResponse<String> get(Served served, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(served.url + path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(Served served, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(served.url + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The gate of the deployment guide: ask until {@code .status} is {@code ok} (23 §12, 6.4). */
  private JsonNode awaitOk(Served served) throws Exception {
    for (int i = 0; i < ASKED_AGAIN; i++) {
      HttpResponse<String> response = get(served, "/");
      if (response.statusCode() == 200) {
        return JsonMapper.shared().readTree(response.body());
      }
      assertThat(response.body())
          .isEqualTo("{\"status\":\"error\",\"message\":\"authorization backend unavailable\"}");
    }
    throw new AssertionError("never ready");
  }

  @ParameterizedTest
  @CsvSource({"''", "31337"})
  void servesTheContractThatTheVariablesName(String chainId) throws Exception {
    kms.owner("setGatewayAppId(string)", "any");
    Map<String, String> variables = variables(chain.url().toString());
    variables.put("ETH_CHAIN_ID", chainId);
    try (Served served = new Served(variables)) {
      awaitOk(served);
      assertThat(get(served, "/").body())
          .isEqualTo(
              "{\"status\":\"ok\",\"kmsContractAddr\":\""
                  + kms.kms().lowerCase()
                  + "\",\"ethRpcUrl\":\""
                  + chain.url()
                  + "\",\"gatewayAppId\":\"any\",\"chainId\":31337,\"appAuthImplementation\":\""
                  + kms.appImplementation().checksummed()
                  + "\",\"appImplementation\":\""
                  + kms.appImplementation().checksummed()
                  + "\"}");
      assertThat(get(served, "/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void isNeverReadyForAnotherChainThanTheConfiguredOne() throws Exception {
    Map<String, String> variables = variables(chain.url().toString());
    variables.put("ETH_CHAIN_ID", "1");
    try (Served served = new Served(variables)) {
      assertThat(get(served, "/").statusCode()).isEqualTo(500);
      assertThat(get(served, "/ready").body()).contains("chain-wrong-id").doesNotContain("31337");
    }
  }

  /** Specification 23 §12, 9.3: the gate waits while a light client catches up. */
  @Test
  void becomesReadyWhenTheEndpointDoes() throws Exception {
    try (FakeNode node = FakeNode.answering("{\"not\":\"yet\"}");
        Served served = new Served(variables(node.url().toString()))) {
      assertThat(get(served, "/").statusCode()).isEqualTo(500);
      node.follow(FakeNode.passingOnTo(chain.url()));
      assertThat(awaitOk(served).get("chainId").longValue()).isEqualTo(31_337);
    }
  }

  @Test
  void deniesWhatItsOwnListNamesWhateverTheChainSays() throws Exception {
    for (String chainId : new String[] {"", "31337"}) {
      Map<String, String> variables = variables(chain.url().toString());
      variables.put("ETH_CHAIN_ID", chainId);
      try (Served served =
          new Served(variables, "--set", "core.auth_api.deny.apps=" + "01".repeat(20))) {
        awaitOk(served);
        assertThat(post(served, "/bootAuth/app", NODE).body()).contains("denied by this KMS node");
        assertThat(post(served, "/bootAuth/kms", NODE).body()).contains("denied by this KMS node");
      }
      try (Served served =
          new Served(variables, "--set", "core.auth_api.deny.apps=" + "02".repeat(20))) {
        awaitOk(served);
        assertThat(post(served, "/bootAuth/app", NODE).body())
            .contains("\"isAllowed\":false")
            .doesNotContain("denied by this KMS node");
      }
    }
  }

  @Test
  void recordsWhatItAnswers(@TempDir Path dir) throws Exception {
    Path log = dir.resolve("kept");
    try (Served served = new Served(variables(chain.url().toString()), "--audit", log.toString())) {
      awaitOk(served);
      post(served, "/bootAuth/app", NODE);
      assertThat(get(served, "/ready").body()).contains("writable");
    }
    assertThat(Files.readString(log.resolve("audit/audit-000000000000.jsonl")))
        .contains("\"kind\":\"app-decision\",\"outcome\":\"refused\"");
    Run verified = Run.of("audit", "verify", log.resolve("audit").toString());
    assertThat(verified.status()).isZero();
  }

  @Test
  void needsTheSwitchToDecideByOldBlocks() {
    Map<String, String> variables = variables(chain.url().toString());
    Run run = Run.with(variables, "auth-api", "--set", "core.auth_api.chain.max_head_age=11m");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("core.auth_api.chain.max_head_age (flag) weakens this server");
  }

  @Test
  void believesNoEndpointAboutTheChainWhereNoneDecidesAlone() {
    Map<String, String> variables = variables(chain.url().toString());
    Run run = Run.with(variables, "auth-api", "--set", "core.auth_api.chain.mode=proof");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("it needs core.auth_api.chain.chain_id or ETH_CHAIN_ID");
  }

  @ParameterizedTest
  @CsvSource({
    "PORT, 99999, no port",
    "HOST, nowhere.invalid, no address",
    "KMS_CONTRACT_ADDR, 0x00, core.auth_api.chain.contract",
    "ETH_CHAIN_ID, one, core.auth_api.chain.chain_id",
    "ETH_FINALITY_CONFIRMATIONS, x, core.auth_api.chain.block"
  })
  void refusesVariablesThatMeanNothing(String name, String value, String text) {
    Map<String, String> variables = variables(chain.url().toString());
    variables.put(name, value);
    Run run = Run.with(variables, "auth-api");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(text);
  }

  @Test
  void refusesToStartWithoutAContract() {
    Map<String, String> variables = variables(chain.url().toString());
    variables.remove("KMS_CONTRACT_ADDR");
    Run run = Run.with(variables, "auth-api");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("core.auth_api.chain.contract");
  }
}
