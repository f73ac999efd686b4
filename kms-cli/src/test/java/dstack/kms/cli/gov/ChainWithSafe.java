package dstack.kms.cli.gov;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.LeftOut;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An anvil that has the Safe 1.4.1 at its canonical addresses, and the keys of some accounts. */
final class ChainWithSafe implements AutoCloseable {
  /** The keys of the owners are those of anvil's accounts 1 to 3, which everybody knows. */
  private static final List<String> OWNER_KEYS =
      List.of(
          "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
          "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
          "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6");

  static final List<String> OWNERS =
      List.of(
          "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
          "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
          "0x90F79bf6EB2c4f870365E785982E1f101E93b906");

  private static final Map<String, String> CONTRACTS =
      Map.of(
          "SafeL2.sol/SafeL2", "0x29fcB43b46531BcA003ddC8FCB67FFE91900C762",
          "proxies/SafeProxyFactory.sol/SafeProxyFactory",
              "0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67",
          "libraries/MultiSendCallOnly.sol/MultiSendCallOnly",
              "0x9641d764fc13c8B624c04430C7356C1C7C8102e2",
          "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler",
              "0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99");

  private final Anvil anvil = Anvil.start();
  private final HttpClient client = HttpClient.newHttpClient();

  static ChainWithSafe start() {
    ChainWithSafe chain = new ChainWithSafe();
    CONTRACTS.forEach((name, address) -> chain.rpc("anvil_setCode", address, code(name)));
    return chain;
  }

  private static String code(String name) {
    Path file =
        Node.packages()
            .resolve("node_modules/@safe-global/safe-contracts/build/artifacts/contracts")
            .resolve(name + ".json");
    if (!Files.exists(file)) {
      throw LeftOut.because("the Safe's contracts in build/npm (./kms test installs them)");
    }
    try {
      String json = Files.readString(file);
      return JsonMapper.shared().readTree(json).get("deployedBytecode").stringValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode rpc(String method, Object... params) {
    String body =
        JsonMapper.shared()
            .writeValueAsString(
                Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(params)));
    HttpRequest request =
        HttpRequest.newBuilder(anvil.url())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      String answer = client.send(request, BodyHandlers.ofString()).body();
      JsonNode result = JsonMapper.shared().readTree(answer).get("result");
      if (result == null) {
        throw new AssertionError(method + ": " + answer);
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Lets the chain's clock go on and makes a block. */
  void pass(long seconds) {
    rpc("evm_increaseTime", seconds);
    rpc("evm_mine");
  }

  String url() {
    return anvil.url().toString();
  }

  /** Runs {@code kms gov} with these words on this chain; what sends is not asked about. */
  Run gov(String... words) {
    Map<String, String> variables =
        new HashMap<>(Map.of("DEPLOYER", Anvil.FIRST_KEY, "RPC_URL", url()));
    for (int i = 0; i < OWNER_KEYS.size(); i++) {
      variables.put("OWNER_" + i, OWNER_KEYS.get(i));
    }
    List<String> all = new ArrayList<>(List.of("gov"));
    all.addAll(List.of(words));
    if (all.contains("--key-env")) {
      all.add("--yes");
    }
    return Run.with(variables, all.toArray(String[]::new));
  }

  /** The same with nobody there to be asked. */
  Run unattended(String... words) {
    Map<String, String> variables = Map.of("OWNER_0", OWNER_KEYS.getFirst(), "RPC_URL", url());
    return Run.with(
        variables, Stream.concat(Stream.of("gov"), Stream.of(words)).toArray(String[]::new));
  }

  /** The value behind a name at the start of a line. */
  static String named(String name, Run run) {
    Matcher line = Pattern.compile("(?m)^" + name + ":? (0x\\S+)").matcher(run.out());
    if (!line.find()) {
      throw new AssertionError("no " + name + " in " + run);
    }
    return line.group(1);
  }

  @Override
  public void close() {
    client.close();
    anvil.close();
  }
}
