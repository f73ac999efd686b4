package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.KmsInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The gas that docs/reference/contracts.md states is what the chain bills, within one in fifty. */
final class GasTableTest extends ChainTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| ([0-9,]+) \\|$");
  private static final Word HASH = Word.parse("5a".repeat(32));
  private static final Word OTHER = Word.parse("6b".repeat(32));
  private static final Word SALT = Word.parse("7c".repeat(32));

  private final Map<String, Long> measured = new LinkedHashMap<>();

  @Test
  void isWhatTheReferenceSays() throws IOException {
    deployments();
    policyOfTheKms();
    policyOfAnApplication();
    governance();

    Map<String, Long> documented = documented();
    assertThat(documented.keySet()).as(table()).containsExactlyElementsOf(measured.keySet());
    measured.forEach(
        (row, gas) ->
            assertThat(documented.get(row)).as(table()).isBetween(gas * 98 / 100, gas * 102 / 100));
  }

  private void deployments() {
    deployed("implementation of DstackApp", OwnContract.DSTACK_APP);
    deployed("implementation of DstackKms", OwnContract.DSTACK_KMS);
    Bytes setUp = Calldata.of("initialize(address,address)", owner, kms.appImplementation());
    deployed("proxy of the KMS", OwnContract.ERC1967_PROXY, kms.kmsImplementation(), setUp);
    deployed(
        "timelock with one proposer",
        OwnContract.TIMELOCK_CONTROLLER,
        3600,
        List.of(owner),
        List.of(Address.ZERO),
        Address.ZERO);
    String factory = "deployAndRegisterApp(address,bool,bool,bool,bytes32,bytes32)";
    sent(
        "deployAndRegisterApp, empty",
        kms.kms(),
        factory,
        owner,
        false,
        true,
        false,
        Word.ZERO,
        Word.ZERO);
    sent(
        "deployAndRegisterApp, device and compose hash",
        kms.kms(),
        factory,
        owner,
        false,
        true,
        false,
        HASH,
        OTHER);
  }

  private void policyOfTheKms() {
    Address address = kms.kms();
    sent("addOsImageHash, new", address, "addOsImageHash(bytes32)", HASH);
    sent("addOsImageHash, again", address, "addOsImageHash(bytes32)", HASH);
    sent("addKmsAggregatedMr", address, "addKmsAggregatedMr(bytes32)", HASH);
    sent("addKmsDevice", address, "addKmsDevice(bytes32)", HASH);
    called("isKmsAllowed, yes", "isKmsAllowed", Boot.ofKms(HASH, HASH, HASH));
    Address app = kms.deployApp(owner, false, true, false, HASH, HASH);
    called("isAppAllowed, yes", "isAppAllowed", Boot.ofApp(app, HASH, HASH, HASH));
    sent("removeOsImageHash", address, "removeOsImageHash(bytes32)", HASH);
    sent("registerApp", address, "registerApp(address)", stranger);
    sent("setGatewayAppId, an address", address, "setGatewayAppId(string)", app.checksummed());
    KmsInfo info =
        new KmsInfo(
            Bytes.fromHex("02".repeat(33)),
            Bytes.fromHex("30".repeat(91)),
            Bytes.EMPTY,
            Bytes.EMPTY);
    sent("setKmsInfo, keys alone", address, "setKmsInfo((bytes,bytes,bytes,bytes))", info);
    Bytes quote = Bytes.fromHex("a5".repeat(5000));
    sent("setKmsQuote, 5,000 bytes", address, "setKmsQuote(bytes)", quote);
  }

  private void policyOfAnApplication() {
    Address app = kms.deployApp(owner, false, true, false, Word.ZERO, Word.ZERO);
    sent("addComposeHash", app, "addComposeHash(bytes32)", HASH);
    sent("addDevice", app, "addDevice(bytes32)", HASH);
    sent("removeComposeHash", app, "removeComposeHash(bytes32)", HASH);
    sent("setAllowAnyDevice", app, "setAllowAnyDevice(bool)", true);
    sent("setRequireTcbUpToDate", app, "setRequireTcbUpToDate(bool)", false);
    sent("disableUpgrades", app, "disableUpgrades()");
  }

  private void governance() {
    Address next = Deployment.deploy(chain, owner, OwnContract.DSTACK_KMS);
    sent("upgradeToAndCall", kms.kms(), "upgradeToAndCall(address,bytes)", next, Bytes.EMPTY);
    Address timelock =
        Deployment.deploy(
            chain,
            owner,
            OwnContract.TIMELOCK_CONTROLLER,
            3600,
            List.of(owner),
            List.of(Address.ZERO),
            Address.ZERO);
    sent("transferOwnership", kms.kms(), "transferOwnership(address)", timelock);
    Bytes accept = Calldata.of("acceptOwnership()");
    String schedule = "schedule(address,uint256,bytes,bytes32,bytes32,uint256)";
    sent("schedule of a timelock", timelock, schedule, kms.kms(), 0, accept, Word.ZERO, SALT, 3600);
    chain.pass(3600);
    String execute = "execute(address,uint256,bytes,bytes32,bytes32)";
    sent("execute with acceptOwnership", timelock, execute, kms.kms(), 0, accept, Word.ZERO, SALT);
  }

  private void deployed(String row, OwnContract contract, Object... arguments) {
    Bytes data = ContractArtifact.of(contract).deployment(Calldata.arguments(arguments));
    measured.put(row, chain.deployment(owner, data).gasUsed());
  }

  private void sent(String row, Address to, String function, Object... arguments) {
    measured.put(row, kms.send(owner, to, function, arguments).gasUsed());
  }

  /** What the transaction of a call would cost; a call itself is free. */
  private void called(String row, String function, Boot boot) {
    Bytes data = Calldata.of(function + "(" + Boot.TUPLE + ")", boot);
    measured.put(row, chain.send(owner, kms.kms(), data).gasUsed());
  }

  private static Map<String, Long> documented() throws IOException {
    String page = Files.readString(ProjectRoot.path().resolve("docs/reference/contracts.md"));
    Map<String, Long> rows = new LinkedHashMap<>();
    Matcher row = ROW.matcher(page.substring(page.indexOf("\n## Gas")));
    while (row.find()) {
      rows.put(row.group(1), Long.parseLong(row.group(2).replace(",", "")));
    }
    return rows;
  }

  private String table() {
    StringBuilder table = new StringBuilder("measured:\n");
    measured.forEach(
        (row, gas) -> table.append(String.format(Locale.ROOT, "| %s | %,d |%n", row, gas)));
    return table.toString();
  }
}
