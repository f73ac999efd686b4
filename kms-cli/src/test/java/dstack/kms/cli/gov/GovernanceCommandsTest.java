package dstack.kms.cli.gov;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.calldata.OwnerFunctions;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalFile;
import dstack.kms.chain.proposal.SafePart;
import dstack.kms.chain.proposal.SafeStep;
import dstack.kms.cli.Run;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.testkit.Anvil;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models B and C as an operator goes through them, command by command. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class GovernanceCommandsTest {
  private static final String EVERYBODY = "0x0000000000000000000000000000000000000000";
  private static final String IMAGE = "0x" + "11".repeat(32);
  private static final String MEASUREMENT = "0x" + "22".repeat(32);

  @TempDir static Path dir;
  private ChainWithSafe chain;
  private String kms;
  private String safe;
  private String timelock;

  @BeforeAll
  void deployModelC() {
    chain = ChainWithSafe.start();
    Run run =
        done(
            chain.gov(
                "deploy",
                "--model",
                "c",
                "--key-env",
                "DEPLOYER",
                "--min-delay",
                "3600",
                "--executor",
                EVERYBODY,
                "--threshold",
                "2",
                "--safe-owner",
                ChainWithSafe.OWNERS.get(0),
                "--safe-owner",
                ChainWithSafe.OWNERS.get(1),
                "--safe-owner",
                ChainWithSafe.OWNERS.get(2)));
    kms = ChainWithSafe.named("kms", run);
    safe = ChainWithSafe.named("safe", run);
    timelock = ChainWithSafe.named("timelock", run);
  }

  @AfterAll
  void stop() {
    chain.close();
  }

  private static Run done(Run run) {
    assertThat(run.status()).as(run.out() + run.err()).isZero();
    return run;
  }

  private static Run refused(Run run, String words) {
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(run.err()).contains(words);
    return run;
  }

  private static String file(String name) {
    return dir.resolve(name).toString();
  }

  private Run propose(String out, String... words) {
    return chain.gov(
        Stream.concat(
                Stream.of(
                    "propose", "--kms", kms, "--timelock", timelock, "--safe", safe, "-o", out),
                Stream.of(words))
            .toArray(String[]::new));
  }

  private Run sign(String file, int owner, String out) {
    return chain.gov("safe-sign", file, "--key-env", "OWNER_" + owner, "-o", out);
  }

  @Test
  @Order(1)
  void changesThePolicyThroughSafeAndTimelock() throws IOException {
    Run proposed = done(propose(file("p.json"), "image add " + IMAGE, "mr add " + MEASUREMENT));
    assertThat(proposed.out()).contains("addOsImageHash").contains(IMAGE).contains("safe-sign");
    assertThat(done(chain.gov("safe-hash", file("p.json"))).out())
        .contains("\"primaryType\" : \"SafeTx\"");

    done(sign(file("p.json"), 0, file("a.json")));
    done(sign(file("p.json"), 2, file("b.json")));
    refused(chain.gov("safe-exec", file("a.json"), "--key-env", "DEPLOYER"), "collect more");
    assertThat(
            done(chain.gov("safe-collect", file("a.json"), file("b.json"), "-o", file("c.json")))
                .out())
        .contains("2 of 3 decide, 0 missing");
    done(chain.gov("safe-exec", file("c.json"), "--dry-run"));
    assertThat(done(chain.gov("safe-exec", file("c.json"), "--key-env", "DEPLOYER")).out())
        .contains("state WAITING")
        .contains("may be executed by anybody");
    refused(
        chain.gov("safe-exec", file("c.json"), "--key-env", "DEPLOYER"),
        "it was executed, or replaced");

    refused(chain.gov("execute", file("c.json"), "--key-env", "DEPLOYER"), "waiting for its delay");
    chain.pass(3600);
    JsonNode status =
        JsonMapper.shared().readTree(done(chain.gov("status", file("p.json"), "--json")).out());
    assertThat(status.get("state").stringValue()).isEqualTo("READY");
    done(chain.gov("execute", file("c.json"), "--wait", "--key-env", "DEPLOYER"));
    assertThat(done(chain.gov("status", file("p.json"))).out()).contains("state DONE");
    assertThat(done(propose(file("again.json"), "image", "add", IMAGE)).out())
        .contains("nothing to propose");
    assertThat(Files.exists(Path.of(file("again.json")))).isFalse();
  }

  @Test
  @Order(2)
  void showsWhoGovernsAndWhatIsAllowed() {
    Run run = done(chain.gov("audit", "--kms", kms, "--timelock", timelock, "--safe", safe));
    assertThat(run.out())
        .contains("owner " + timelock)
        .contains(IMAGE)
        .contains(MEASUREMENT)
        .contains("PROPOSER " + safe)
        .contains("EXECUTOR everybody")
        .contains("least delay 3600 s")
        .contains("2 of 3 owners decide")
        .doesNotContain("!!");
  }

  @Test
  @Order(3)
  void watchesOnceAndGoesOnFromTheStateFile() {
    String[] words = {
      "watch",
      "--once",
      "--json",
      "--from",
      "0",
      "--kms",
      kms,
      "--timelock",
      timelock,
      "--safe",
      safe,
      "--state",
      file("state.json")
    };
    List<String> events =
        done(chain.gov(words))
            .out()
            .lines()
            .map(line -> JsonMapper.shared().readTree(line).get("event").stringValue())
            .toList();
    assertThat(events)
        .contains(
            "SafeSetup",
            "RoleGranted",
            "OwnershipTransferred",
            "ExecutionSuccess",
            "CallScheduled",
            "OsImageHashAdded",
            "CallExecuted");
    assertThat(done(chain.gov(words)).out()).isEmpty();
  }

  @Test
  void cancelsThroughTheSafe() {
    done(propose(file("q.json"), "device", "add", "0x" + "33".repeat(32)));
    done(sign(file("q.json"), 0, file("q.json")));
    done(sign(file("q.json"), 1, file("q.json")));
    done(chain.gov("safe-exec", file("q.json"), "--key-env", "DEPLOYER"));
    refused(
        chain.gov("cancel", file("q.json"), "--key-env", "DEPLOYER"),
        "does not have the role CANCELLER");
    done(chain.gov("cancel", file("q.json"), "--safe", safe, "-o", file("q.cancel.json")));
    done(sign(file("q.cancel.json"), 1, file("q.cancel.json")));
    done(sign(file("q.cancel.json"), 2, file("q.cancel.json")));
    done(chain.gov("safe-exec", file("q.cancel.json"), "--key-env", "DEPLOYER"));
    assertThat(done(chain.gov("status", file("q.json"))).out()).contains("state UNSET");
  }

  @Test
  void refusesAFileThatWasAlteredAfterItWasSigned() throws IOException {
    done(propose(file("r.json"), "image", "add", "0x" + "44".repeat(32)));
    done(sign(file("r.json"), 0, file("r.json")));
    String signed = Files.readString(Path.of(file("r.json")));
    Files.writeString(Path.of(file("r.json")), signed.replace("44444444", "44444445"));
    refused(sign(file("r.json"), 1, file("r.json")), "the id in the file");
    Files.writeString(Path.of(file("r.json")), signed.replace("=> ", "=> harmless: "));
    refused(sign(file("r.json"), 1, file("r.json")), "does not say what its calls do");
  }

  @Test
  void refusesAStrangersSignatureAndAnOwnersSecond() {
    done(propose(file("s.json"), "image", "add", "0x" + "55".repeat(32)));
    refused(chain.gov("safe-sign", file("s.json"), "--key-env", "DEPLOYER"), "who is no owner");
    done(sign(file("s.json"), 0, file("s.json")));
    refused(sign(file("s.json"), 0, file("s.json")), "two signatures");
    refused(
        chain.gov("safe-collect", file("s.json"), "--signature", "0x" + "00".repeat(64) + "1d"),
        "v is 29");
  }

  @Test
  void showsAndSignsNoDelegationToCodeThatOnlyTheFileNames() throws IOException {
    String strange = kms;
    Call one = Call.of(Address.parse(kms), OwnerFunctions.ACCEPT_OWNERSHIP.encode());
    SafePart part =
        new SafePart(
            Address.parse(safe),
            BigInteger.valueOf(50),
            SafeStep.CALL,
            Address.parse(strange),
            List.of());
    Files.writeString(
        Path.of(file("d.json")),
        ProposalFile.write(new Proposal(BigInteger.valueOf(31337), List.of(one, one), null, part)));

    refused(chain.gov("safe-hash", file("d.json")), "--multi-send " + strange);
    assertThat(chain.gov("safe-hash", file("d.json"), "--json").out())
        .contains("proposal-multi-send")
        .doesNotContain("SafeTx");
    refused(chain.gov("status", file("d.json")), "--multi-send " + strange);
    refused(sign(file("d.json"), 1, file("e.json")), "--multi-send " + strange);
    refused(chain.gov("safe-collect", file("d.json")), "--multi-send " + strange);
    assertThat(done(chain.gov("safe-hash", file("d.json"), "--multi-send", strange)).out())
        .contains("DELEGATECALL to " + strange + " (NOT canonical)");
    refused(
        chain.gov("safe-collect", file("d.json"), "--multi-send", strange),
        "is not that of MultiSendCallOnly");
  }

  private Run deployUnder(String... more) {
    return chain.gov(
        Stream.concat(
                Stream.of("deploy", "--model", "c", "--safe", safe, "--min-delay", "3600"),
                Stream.concat(Stream.of("--key-env", "DEPLOYER"), Stream.of(more)))
            .toArray(String[]::new));
  }

  @Test
  @Order(9)
  void takesAnExistingSafeOnlyWithTheModulesAndTheGuardThatWereNamed() {
    String module = kms;
    String sentinel = "00".repeat(31) + "01";
    String padded = "00".repeat(12) + module.substring(2);
    String guardSlot = "0x4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8";
    chain.rpc("anvil_setStorageAt", safe, guardSlot, "0x" + padded);
    refused(deployUnder(), "the guard of the Safe");
    chain.rpc("anvil_setStorageAt", safe, slot(sentinel), "0x" + padded);
    chain.rpc("anvil_setStorageAt", safe, slot(padded), "0x" + sentinel);
    refused(deployUnder("--safe-guard", kms), "modules act for the Safe");
    refused(deployUnder("--safe-guard", kms, "--safe-module", timelock), "modules act for");
    refused(deployUnder("--safe-module", module), "the guard of the Safe");
    done(deployUnder("--safe-guard", kms, "--safe-module", module));
    for (String slot : List.of(guardSlot, slot(sentinel), slot(padded))) {
      chain.rpc("anvil_setStorageAt", safe, slot, "0x" + "00".repeat(32));
    }
    chain.rpc("anvil_setStorageAt", safe, slot(sentinel), "0x" + sentinel);
  }

  /** Of a key of the mapping at slot 1, where a Safe has its modules. */
  private static String slot(String key) {
    return "0x" + Keccak.keccak256(Bytes.fromHex(key + "00".repeat(31) + "01")).hex();
  }

  @Test
  void refusesASafeWhoseContractsAreNotThePublishedOnes() {
    refused(
        chain.gov(
            "deploy",
            "--model",
            "c",
            "--key-env",
            "DEPLOYER",
            "--min-delay",
            "60",
            "--threshold",
            "1",
            "--safe-owner",
            ChainWithSafe.OWNERS.get(0),
            "--safe-factory",
            kms),
        "is not that of the published Safe factory");
  }

  @Test
  void modelBSchedulesByItselfAndLetsOnlyTheExecutorExecute() {
    Run deployed =
        done(
            chain.gov(
                "deploy",
                "--model",
                "b",
                "--key-env",
                "DEPLOYER",
                "--min-delay",
                "60",
                "--proposer",
                Anvil.FIRST_ACCOUNT));
    String other = ChainWithSafe.named("kms", deployed);
    String owner = ChainWithSafe.named("timelock", deployed);
    String[] propose = {
      "propose", "--kms", other, "--timelock", owner, "image", "add", IMAGE, "-o", file("t.json")
    };
    assertThat(done(chain.gov(propose)).out()).contains("nothing was sent");
    refused(chain.gov(with(propose, "--key-env", "OWNER_0")), "does not have the role PROPOSER");
    refused(chain.gov(with(propose, "--key-env", "DEPLOYER", "--delay", "59")), "--delay 60");
    assertThat(done(chain.gov(with(propose, "--key-env", "DEPLOYER"))).out())
        .contains("state WAITING")
        .contains("holders of EXECUTOR");
    chain.pass(60);
    refused(
        chain.gov("execute", file("t.json"), "--key-env", "OWNER_0"),
        "does not have the role EXECUTOR");
    done(chain.gov("execute", file("t.json"), "--key-env", "DEPLOYER"));
  }

  private static String[] with(String[] words, String... more) {
    return Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void handsAContractToATimelockInTwoSteps() {
    String other =
        ChainWithSafe.named(
            "kms", done(chain.gov("deploy", "--model", "a", "--key-env", "DEPLOYER")));
    String[] transfer = {
      "transfer", "--kms", other, "--key-env", "DEPLOYER", "-o", file("accept.json")
    };
    refused(
        chain.gov(with(transfer, "--to", ChainWithSafe.OWNERS.get(0))), "there is no contract at");
    refused(chain.gov(with(transfer, "--to", timelock, "--eoa")), "is a contract");
    assertThat(done(chain.gov(with(transfer, "--to", timelock, "--accept-by-safe", safe))).out())
        .contains("pendingOwner()")
        .contains("kms gov safe-sign");
    assertThat(chain.gov("audit", "--kms", other).out()).contains("can take");
    done(sign(file("accept.json"), 0, file("accept.json")));
    done(sign(file("accept.json"), 1, file("accept.json")));
    done(chain.gov("safe-exec", file("accept.json"), "--key-env", "DEPLOYER"));
    chain.pass(3600);
    done(chain.gov("execute", file("accept.json"), "--key-env", "DEPLOYER"));
    assertThat(done(chain.gov("audit", "--kms", other, "--timelock", timelock)).out())
        .contains("owner " + timelock);
  }

  @Test
  void anchorsTheHeadOfAnAuditLogAndReadsItBack() {
    String head = "41:" + "ab".repeat(32);
    Run anchored = done(chain.gov("anchor", head, "--key-env", "DEPLOYER"));
    String transaction = ChainWithSafe.named("anchored by", anchored);
    assertThat(done(chain.gov("anchor-verify", transaction, "--by", Anvil.FIRST_ACCOUNT)).out())
        .startsWith(head + " at 20");
    refused(
        chain.gov("anchor-verify", transaction, "--by", ChainWithSafe.OWNERS.get(0)),
        "was made by");
    refused(
        chain.gov(
            "anchor-verify",
            transaction,
            "--by",
            Anvil.FIRST_ACCOUNT,
            "--head",
            "42:" + "ab".repeat(32)),
        "the transaction anchors 41:");
    refused(
        chain.gov("anchor-verify", "0x" + "00".repeat(32), "--by", Anvil.FIRST_ACCOUNT),
        "no transaction");
    assertThat(chain.gov("anchor", head, "--key-env", "DEPLOYER", "--to", kms).status())
        .isEqualTo(2);
  }
}
