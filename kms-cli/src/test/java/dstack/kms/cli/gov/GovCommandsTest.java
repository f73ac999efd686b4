package dstack.kms.cli.gov;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command of model A through the program, on a real chain with real contracts. */
final class GovCommandsTest {
  private static GovChain chain;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    chain = GovChain.start();
  }

  @AfterAll
  static void stop() {
    chain.close();
  }

  private static String hash(int number) {
    return "0x" + "%064x".formatted(number);
  }

  @Test
  void deploysToTheAddressesOfTheGuide() {
    assertThat(chain.kms()).isEqualTo("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0");
  }

  @ParameterizedTest
  @CsvSource({"image, 21", "mr, 22", "device, 23"})
  void addsAndRemovesEntriesAndDoesItOnce(String list, int number) {
    Run added = chain.owner(list, "add", hash(number));
    assertThat(added.status()).as(added.err()).isZero();
    assertThat(added.out())
        .contains("become", ": false -> true", "Transaction hash: 0x", "state now: ", "Done: ");

    Run again = chain.owner(list, "add", hash(number));
    assertThat(again.status()).isZero();
    assertThat(again.out()).contains("Already as wanted: nothing to send.").doesNotContain("hash:");

    Run removed = chain.owner(list, "remove", hash(number));
    assertThat(removed.status()).as(removed.err()).isZero();
    assertThat(removed.out()).contains(": true -> false");
  }

  @Test
  void setsGatewayInfoAndAppImplementation() throws IOException {
    Path info = folder.resolve("bootstrap-info.json");
    Files.writeString(
        info, "{\"ca_pubkey\":\"3059\",\"k256_pubkey\":\"02ab\",\"attestation\":\"00ff\"}");
    Path contract = folder.resolve("info.json");
    Files.writeString(
        contract,
        "{\"k256Pubkey\":\"0x02ab\",\"caPubkey\":\"0x3059\",\"quote\":\"0x00ff\",\"eventlog\":\"0x\"}");

    assertThat(chain.owner("gateway", "set", "any").status()).isZero();
    assertThat(chain.owner("info", "set", info.toString()).status()).isZero();
    assertThat(chain.owner("info", "set", contract.toString()).out()).contains("Already as wanted");

    Run shown = chain.run("show", "kms");
    assertThat(shown.out())
        .contains(
            "owner: " + Anvil.FIRST_ACCOUNT,
            "gateway_app_id: any",
            "k256_pubkey: 0x02ab",
            "quote_bytes: 2");
  }

  @Test
  void createsChangesAndShowsAnApp() {
    Run created = chain.owner("app", "create", "--device", hash(31), "--hash", hash(32));
    assertThat(created.status()).as(created.err()).isZero();
    String app = GovChain.value(created, "APP_ID");

    for (String[] change :
        new String[][] {
          {"app", "add-hash", "--app-id", app, hash(33)},
          {"app", "remove-hash", "--app-id", app, hash(32)},
          {"app", "add-device", "--app-id", app, hash(34)},
          {"app", "remove-device", "--app-id", app, hash(31)},
          {"app", "any-device", "--app-id", app, "on"},
          {"app", "require-tcb", "--app-id", app, "on"},
          {"app", "disable-upgrades", "--app-id", app},
        }) {
      Run done = chain.owner(change);
      assertThat(done.status()).as(done.out() + done.err()).isZero();
      assertThat(done.out()).contains("Done: ");
    }
    assertThat(chain.run("show", "app", app).out())
        .contains(
            "allow_any_device: true",
            "require_tcb_up_to_date: true",
            "upgrades_disabled: true",
            "registered: true",
            "version: 2");
    assertThat(chain.owner("app", "register", app).out()).contains("Already as wanted");
  }

  @Test
  void warnsOfAppsThatRunAnywhere() {
    assertThat(chain.owner("app", "create", "--allow-any-device").out())
        .contains("warning: the app may run on any device", "APP_ID=0x");
  }

  @Test
  void upgradesToAnImplementationThatItDeployed() {
    Run deployed = chain.owner("implementation", "deploy", "kms");
    String implementation = GovChain.value(deployed, "KMS_IMPLEMENTATION");

    Run unchecked = chain.owner("upgrade", "kms", "--address", chain.kms(), "--to", implementation);
    assertThat(unchecked.status()).isEqualTo(2);
    assertThat(unchecked.err()).contains("--i-have-validated-layout");

    Run upgraded =
        chain.owner(
            "upgrade",
            "kms",
            "--address",
            chain.kms(),
            "--to",
            implementation,
            "--i-have-validated-layout");
    assertThat(upgraded.status()).as(upgraded.err()).isZero();
    assertThat(chain.run("show", "kms").out()).contains("implementation: " + implementation);
  }

  @Test
  void refusesUpgradeOfAContractOfTheOtherKind() {
    Run refused =
        chain.owner(
            "upgrade",
            "app",
            "--address",
            chain.kms(),
            "--to",
            chain.kms(),
            "--i-have-validated-layout");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("does not answer allowAnyDevice()");
  }

  @Test
  void handsOverInTwoSteps() {
    String app = GovChain.value(chain.owner("app", "create"), "APP_ID");

    Run wallet = chain.owner("transfer", "--app-id", app, "--to", GovChain.SECOND_ACCOUNT);
    assertThat(wallet.status()).isEqualTo(1);
    assertThat(wallet.err()).contains("give --eoa");

    Run offered =
        chain.owner("transfer", "--app-id", app, "--to", GovChain.SECOND_ACCOUNT, "--eoa");
    assertThat(offered.status()).as(offered.err()).isZero();
    assertThat(offered.out()).contains("stays the owner until");
    assertThat(chain.owner("accept", "--app-id", app).err()).contains("is not the owner");

    assertThat(chain.stranger("accept", "--app-id", app).status()).isZero();
    assertThat(chain.run("show", "app", app).out()).contains("owner: " + GovChain.SECOND_ACCOUNT);
  }

  @Test
  void neverGivesOwnershipToNobody() {
    Run refused =
        chain.owner("transfer", "--to", "0x0000000000000000000000000000000000000000", "--eoa");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("can never be changed again");
  }

  @Test
  void asksTheContractsAsAServerWould() throws IOException {
    chain.owner("image", "add", hash(41));
    String app =
        GovChain.value(
            chain.owner("app", "create", "--hash", hash(42), "--device", hash(43)), "APP_ID");
    Path boot = folder.resolve("boot.json");
    Files.writeString(boot, boot(app, hash(42), hash(43), hash(41)));
    Path other = folder.resolve("other.json");
    Files.writeString(other, boot(app, hash(42), hash(44), hash(41)));

    assertThat(chain.run("check", "app", boot.toString()).out()).isEqualTo("allowed\n");
    Run denied = chain.run("check", "app", other.toString());
    assertThat(denied.status()).isEqualTo(1);
    assertThat(denied.out()).isEqualTo("not allowed: Device not allowed\n");
    assertThat(chain.run("check", "kms", boot.toString(), "--json").out())
        .isEqualTo("{\"allowed\":false,\"reason\":\"Aggregated MR not allowed\"}\n");
  }

  @ParameterizedTest
  @CsvSource({"composeHash, 31 bytes", "appId, 19 bytes", "osImageHash, 33 bytes"})
  void refusesBootInfoOfAnotherWidth(String field, String width) throws IOException {
    int bytes = Integer.parseInt(width.substring(0, 2));
    String json =
        boot(chain.kms(), hash(1), hash(2), hash(3))
            .replaceAll(
                "\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"" + "11".repeat(bytes) + '"');
    Path file = folder.resolve("boot.json");
    Files.writeString(file, json);

    Run refused = chain.run("check", "app", file.toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains(field + " must have", "not " + bytes);
  }

  private static String boot(String app, String compose, String device, String image) {
    return """
    {"teeVariant":"dstack-tdx","attestationMode":"dstack-tdx","mrAggregated":"%s",
     "osImageHash":"%s","mrSystem":"%s","appId":"%s","composeHash":"%s","instanceId":"",
     "deviceId":"%s","keyProviderInfo":"","tcbStatus":"UpToDate","advisoryIds":["A"]}
    """
        .formatted(hash(51), image, hash(52), app, compose, device);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{\"a\":1", "{\"a\":1}}", "[]", "null", "{\"a\":1,\"a\":2}", "name: kms"})
  void givesNoHashOfWhatNoGuestStartsFrom(String content) throws IOException {
    Path compose = folder.resolve("app-compose.json");
    Files.writeString(compose, content);

    Run refused = Run.of("gov", "compose-hash", compose.toString());

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains("is no app-compose.json, so there is no hash");
  }

  @Test
  void computesHashesAsTheGuidesDo() throws IOException {
    Path compose = folder.resolve("app-compose.json");
    Files.writeString(compose, "{\"a\":1}\n");

    String expected =
        Node.run(
            "import { sha256, toUtf8Bytes } from 'ethers';"
                + "console.log(sha256(toUtf8Bytes('{\"a\":1}\\n')));");
    assertThat(Run.of("gov", "compose-hash", compose.toString()).out().strip()).isEqualTo(expected);

    String pcrs = "11".repeat(48) + "22".repeat(48) + "33".repeat(48);
    String enclave =
        Node.run("import { sha256 } from 'ethers'; console.log(sha256('0x" + pcrs + "'));");
    assertThat(
            Run.of("gov", "enclave-hash", "11".repeat(48), "22".repeat(48), "33".repeat(48))
                .out()
                .strip())
        .isEqualTo(enclave);
  }

  @ParameterizedTest
  @CsvSource({"'11', 48 bytes", "'00', debug mode"})
  void refusesRegistersOfNoEnclave(String start, String reason) {
    String register = start.equals("11") ? "11".repeat(47) : "00".repeat(48);
    Run refused = Run.of("gov", "enclave-hash", register, "22".repeat(48), "33".repeat(48));

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains(reason);
  }

  @Test
  void sendsNothingInADryRun() {
    Run dry =
        chain.run("image", "add", hash(61), "--dry-run", "--from", Anvil.FIRST_ACCOUNT, "--json");

    assertThat(dry.status()).as(dry.err()).isZero();
    assertThat(dry.out())
        .contains("\"sent\":false", "\"data\":\"0x06a3ae96", "\"value\":\"false\"")
        .contains("\"wanted\":\"true\"");
    assertThat(chain.owner("image", "add", hash(61)).out()).contains(": false -> true");
  }

  @Test
  void deploysNothingInADryRun() {
    Run dry =
        Run.with(chain.variables(""), "gov", "deploy", "--dry-run", "--from", Anvil.FIRST_ACCOUNT);

    assertThat(dry.status()).as(dry.err()).isZero();
    assertThat(dry.out())
        .contains("To be deployed: app implementation", "at most", "Dry run: nothing was sent.")
        .doesNotContain("KMS_CONTRACT_ADDR");
  }

  @Test
  void saysToProgramsWhatADeploymentMayCostAtMost() {
    Run deployed = chain.owner("deploy", "--max-cost", "0.05", "--json");
    assertThat(deployed.out()).contains("\"max_cost_wei\":\"50000000000000000\"");
    Run looked =
        chain.run("deploy", "--dry-run", "--from", Anvil.FIRST_ACCOUNT, "--max-cost=1", "--json");
    assertThat(looked.out()).doesNotContain("max_cost_wei");
  }

  @Test
  void answersProgramsWithOneObject() {
    Run done = chain.owner("image", "add", hash(62), "--json");

    assertThat(done.status()).isZero();
    assertThat(done.out())
        .startsWith("{\"chain_id\":31337,\"account\":\"" + Anvil.FIRST_ACCOUNT + "\",\"sent\":true")
        .contains("\"transactions\":[{\"hash\":\"0x");
    assertThat(done.out().lines()).hasSize(1);
  }

  @Test
  void saysInWordsWhyAStrangerCannot() {
    Run refused = chain.stranger("image", "add", hash(63), "--json");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out())
        .contains(
            "would refuse to allow the OS image",
            GovChain.SECOND_ACCOUNT + " is not the owner of the contract",
            "\"code\":\"governance-simulation\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0x0000000000000000000000000000000000000000000000000000000000000000, 1, absent value",
    "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, 1, SHA-256 of nothing",
    "0x1234, 2, 64 hexadecimal digits",
  })
  void refusesHashesThatNoListMayHold(String hash, int status, String reason) {
    Run refused = chain.owner("device", "add", hash);
    Run ofAnApp = chain.owner("app", "add-hash", "--app-id", GovChain.SECOND_ACCOUNT, hash);

    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.err()).contains(reason);
    assertThat(ofAnApp.status()).isEqualTo(status);
    assertThat(ofAnApp.err()).contains(reason);
  }

  @Test
  void letsABadEntryBeTakenOut() {
    assertThat(chain.owner("device", "remove", hash(0)).out()).contains("Already as wanted");
  }

  @Test
  void refusesAddressWhoseChecksumDoesNotHold() {
    Run refused = chain.owner("app", "register", "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e1");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("checksum");
  }

  @Test
  void refusesToGuessWhichContractOrChainIsMeant() {
    Map<String, String> both = chain.variables(chain.kms());
    both.put("KMS_CONTRACT_ADDRESS", GovChain.SECOND_ACCOUNT);
    Map<String, String> chains = chain.variables(chain.kms());
    chains.put("ETH_RPC_URL", "http://127.0.0.1:1");

    assertThat(Run.with(both, "gov", "show", "kms").err()).contains("differ");
    assertThat(Run.with(both, "gov", "show", "kms").status()).isEqualTo(2);
    assertThat(Run.with(chains, "gov", "show", "kms").err()).contains("differ");
    assertThat(Run.of("gov", "show", "kms").err()).contains("--rpc-url");
    assertThat(Run.with(chain.variables(""), "gov", "show", "kms").err()).contains("--kms");
  }

  @Test
  void takesTheOtherNamesOfTheVariables() {
    Map<String, String> variables =
        Map.of("ETH_RPC_URL", chain.anvil().url().toString(), "KMS_CONTRACT_ADDRESS", chain.kms());

    assertThat(Run.with(variables, "gov", "show", "kms", "--json").out())
        .contains("\"address\":\"" + chain.kms() + '"');
  }

  @Test
  void asksBeforeItSends() {
    Run refused = chain.run("image", "add", hash(64), "--key-env", "KEY");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).contains("becomes allowed");
    assertThat(refused.err()).contains("give --yes");
    assertThat(chain.owner("image", "add", hash(64)).out()).contains(": false -> true");
  }

  @Test
  void endsWithThreeWhenTheChainIsNotThere() {
    Run unreachable =
        Run.of(
            "gov",
            "show",
            "kms",
            "--kms",
            chain.kms(),
            "--rpc-url",
            "http://127.0.0.1:9/secret-key");

    assertThat(unreachable.status()).isEqualTo(3);
    assertThat(unreachable.err()).doesNotContain("secret-key");
  }
}
