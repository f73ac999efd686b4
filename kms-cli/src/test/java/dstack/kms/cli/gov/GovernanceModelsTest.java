package dstack.kms.cli.gov;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Anvil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same commands under each model of governance: sent, scheduled, or decided by a Safe. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GovernanceModelsTest {
  private static final String[] BY_DEPLOYER = {"--key-env", "DEPLOYER"};

  @TempDir static Path dir;
  private ChainWithSafe chain;

  /** Model B. */
  private String delayedKms;

  private String timelock;

  /** Model C. */
  private String decidedKms;

  private String safe;
  private String decidedTimelock;

  @BeforeAll
  void deploy() {
    chain = ChainWithSafe.start();
    Run delayed =
        done(
            gov(
                BY_DEPLOYER,
                "deploy",
                "--model",
                "b",
                "--min-delay",
                "60",
                "--proposer",
                Anvil.FIRST_ACCOUNT));
    delayedKms = ChainWithSafe.named("kms", delayed);
    timelock = ChainWithSafe.named("timelock", delayed);
    Run decided =
        done(
            gov(
                BY_DEPLOYER,
                "deploy",
                "--model",
                "c",
                "--min-delay",
                "60",
                "--executor",
                "0x0000000000000000000000000000000000000000",
                "--threshold",
                "1",
                "--safe-owner",
                ChainWithSafe.OWNERS.get(0)));
    decidedKms = ChainWithSafe.named("kms", decided);
    safe = ChainWithSafe.named("safe", decided);
    decidedTimelock = ChainWithSafe.named("timelock", decided);
  }

  @AfterAll
  void stop() {
    chain.close();
  }

  private Run gov(String[] more, String... words) {
    return chain.gov(Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private Run gov(String... words) {
    return chain.gov(words);
  }

  private static Run done(Run run) {
    assertThat(run.status()).as(run.out() + run.err()).isZero();
    return run;
  }

  private static void refused(Run run, String... words) {
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(run.err()).contains(words).doesNotContain("RefusalException");
  }

  private static void wrong(Run run, String... words) {
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.err()).contains(words);
  }

  private static String file(String name) {
    return dir.resolve(name).toString();
  }

  private static String hash(int number) {
    return "0x" + "%064x".formatted(number);
  }

  private void signAndExecute(String file) {
    done(gov("safe-sign", file, "--key-env", "OWNER_0"));
    done(gov(BY_DEPLOYER, "safe-exec", file));
  }

  private String[] byTimelock(String file) {
    return new String[] {"--kms", delayedKms, "--timelock", timelock, "-o", file};
  }

  @Test
  void schedulesAChangeWithTheCommandThatWouldMakeIt() {
    String file = file("image.json");
    Run scheduled =
        done(
            gov(
                byTimelock(file),
                "image",
                "add",
                hash(1),
                "--key-env",
                "DEPLOYER",
                "--salt",
                hash(99)));
    assertThat(scheduled.out())
        .contains("addOsImageHash", "written to " + file, "scheduled by 0x", "state WAITING");

    chain.pass(60);
    assertThat(done(gov(BY_DEPLOYER, "execute", file)).out()).contains("executed by 0x");
    assertThat(done(gov(byTimelock(file("again.json")), "image", "add", hash(1))).out())
        .contains("nothing to propose");
    assertThat(dir.resolve("again.json")).doesNotExist();
  }

  @Test
  void makesTheSameProposalAsPropose() throws IOException {
    String[] choices = {"--salt", hash(7), "--predecessor", hash(0), "--delay", "61", "--batch"};
    done(gov(choices, join(byTimelock(file("one.json")), "mr", "add", hash(2))));
    done(gov(choices, join(byTimelock(file("two.json")), "propose", "mr", "add", hash(2))));

    assertThat(Files.readString(dir.resolve("one.json")))
        .isEqualTo(Files.readString(dir.resolve("two.json")))
        .contains("\"delay\" : 61", "\"batch\" : true");
  }

  private static String[] join(String[] options, String... words) {
    return Stream.of(words, options).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void proposesInfoAndRegistrationTogether() throws IOException {
    Path info = dir.resolve("info.json");
    Files.writeString(
        info, "{\"ca_pubkey\":\"3059\",\"k256_pubkey\":\"02ab\",\"attestation\":\"00ff\"}");
    String file = file("together.json");
    String[] tasks = {"propose", "info set " + info, "app register " + decidedKms};
    done(gov(join(byTimelock(file), BY_DEPLOYER), tasks));
    chain.pass(60);
    assertThat(done(gov(BY_DEPLOYER, "execute", file)).out()).doesNotContain("APP_ID");

    assertThat(done(gov("show", "kms", "--kms", delayedKms)).out()).contains("k256_pubkey: 0x02ab");
    wrong(gov(byTimelock(file), "propose", "info set " + file("none.json")), "no such file");
  }

  @Test
  void letsASafeScheduleAtItsTimelock() {
    String file = file("device.json");
    Run proposed =
        done(
            gov(
                "device",
                "add",
                hash(3),
                "--kms",
                decidedKms,
                "--timelock",
                decidedTimelock,
                "--safe",
                safe,
                "-o",
                file));
    assertThat(proposed.out()).contains("step schedule", "kms gov safe-sign");

    signAndExecute(file);
    chain.pass(60);
    done(gov(BY_DEPLOYER, "execute", file));
    assertThat(done(gov("status", file)).out()).contains("state DONE");
  }

  @Test
  void letsASafeThatOwnsTheContractCallItself() {
    String kms = ChainWithSafe.named("kms", done(gov(BY_DEPLOYER, "deploy", "--owner", safe)));
    String file = file("gateway.json");

    refused(
        gov(BY_DEPLOYER, "gateway", "set", "any", "--kms", kms),
        "the Safe " + safe + " could; propose it with --safe " + safe);
    done(gov("gateway", "set", "any", "--kms", kms, "--safe", safe, "-o", file));
    signAndExecute(file);
    assertThat(done(gov("show", "kms", "--kms", kms)).out()).contains("gateway_app_id: any");
  }

  @Test
  void createsAnAppOfTheTimelockAndSaysItsIdOnceItExists() {
    String file = file("app.json");
    done(gov(join(byTimelock(file), BY_DEPLOYER), "app", "create", "--hash", hash(4)));
    chain.pass(60);

    String app = GovChain.value(done(gov(BY_DEPLOYER, "execute", file)), "APP_ID");
    assertThat(done(gov("show", "app", app, "--kms", delayedKms)).out())
        .contains("owner: " + timelock, "registered: true");

    refused(
        gov(BY_DEPLOYER, "app", "add-hash", "--app-id", app, hash(5)), "--timelock " + timelock);
    done(
        gov(
            "app",
            "add-hash",
            "--app-id",
            app,
            hash(5),
            "--timelock",
            timelock,
            "-o",
            file("hash.json"),
            "--key-env",
            "DEPLOYER"));
  }

  @Test
  void handsAContractOfATimelockOnAndLetsItBeAccepted() {
    Run deployed = done(gov(BY_DEPLOYER, "deploy", "--owner", timelock));
    String kms = ChainWithSafe.named("kms", deployed);
    String[] through = {"--kms", kms, "--timelock", timelock, "--key-env", "DEPLOYER"};
    done(gov(through, "transfer", "--to", decidedTimelock, "-o", file("transfer.json")));
    chain.pass(60);
    done(gov(BY_DEPLOYER, "execute", file("transfer.json")));

    refused(
        gov(BY_DEPLOYER, "accept", "--kms", kms),
        "the timelock " + decidedTimelock + " could",
        "--safe ADDR as well");
    String[] accepting = {"--kms", kms, "--timelock", decidedTimelock, "--safe", safe};
    done(gov(accepting, "accept", "-o", file("accepted.json")));
    signAndExecute(file("accepted.json"));
    chain.pass(60);
    done(gov(BY_DEPLOYER, "execute", file("accepted.json")));
    assertThat(done(gov("show", "kms", "--kms", kms)).out()).contains("owner: " + decidedTimelock);
  }

  @Test
  void namesTheOptionOfTheModelWhenTheSenderIsNotTheOwner() {
    refused(
        gov(BY_DEPLOYER, "image", "add", hash(6), "--kms", delayedKms),
        Anvil.FIRST_ACCOUNT + " is not the owner of the contract",
        "the timelock " + timelock + " could; propose it with --timelock " + timelock);
  }

  @Test
  void saysSoWhenAnotherTimelockOrAnAccountIsTheOwner() {
    refused(
        gov("image", "add", hash(6), "--kms", decidedKms, "--timelock", timelock),
        "propose it with --timelock " + decidedTimelock);
    String kms = ChainWithSafe.named("kms", done(gov(BY_DEPLOYER, "deploy")));
    refused(
        gov("image", "add", hash(6), "--kms", kms, "--timelock", timelock),
        "the account "
            + Anvil.FIRST_ACCOUNT
            + " could; send with its key, without --timelock and --safe");
  }

  @Test
  void refusesATimelockOrSafeThatIsNone() {
    refused(
        gov("image", "add", hash(6), "--kms", delayedKms, "--timelock", delayedKms),
        delayedKms + " is no timelock");
    refused(
        gov("image", "add", hash(6), "--kms", delayedKms, "--timelock", Anvil.FIRST_ACCOUNT),
        "is no timelock");
    refused(
        gov("image", "add", hash(6), "--kms", delayedKms, "--safe", timelock),
        "none of the published Safes");
    refused(
        gov("image", "add", hash(6), "--kms", delayedKms, "--timelock", timelock, "--safe", safe),
        "does not have the role PROPOSER");
  }

  @Test
  void sendsNothingWithoutAKey() {
    wrong(gov("image", "add", hash(6), "--kms", delayedKms), "say who signs");
    Run written = done(gov(byTimelock(file("keyless.json")), "image", "add", hash(6)));
    assertThat(written.out()).contains("nothing was sent: give a key");
    wrong(gov("schedule", file("keyless.json")), "say who signs");
    wrong(gov("execute", file("keyless.json")), "say who signs");
    wrong(gov("cancel", file("keyless.json")), "say who signs");
    assertThat(done(gov("status", file("keyless.json"))).out()).contains("state UNSET");

    assertThat(done(gov(BY_DEPLOYER, "schedule", file("keyless.json"))).out())
        .contains("scheduled by 0x", "state WAITING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--salt=0x" + WORD, "--predecessor=0x" + WORD, "--delay=5"})
  void neverMakesAtOnceWhatWasToBeProposed(String option) {
    wrong(
        gov(BY_DEPLOYER, "image", "add", hash(6), "--kms", delayedKms, option),
        "give --timelock, --safe or both");
  }

  @Test
  void saysThatABatchIsProposedWhereOneAccountWouldSend() {
    wrong(
        gov(BY_DEPLOYER, "image", "add", hash(6), "--kms", delayedKms, "--batch"),
        "a transaction of its own",
        "kms gov propose");
    assertThat(done(gov("show", "kms", "--kms", delayedKms)).out()).doesNotContain(hash(6));
  }

  @Test
  void showsInJsonThatASafeRunsOtherCodeAsItself() {
    String kms = ChainWithSafe.named("kms", done(gov(BY_DEPLOYER, "deploy", "--owner", safe)));
    String file = file("several.json");
    String[] model = {"--kms", kms, "--safe", safe, "-o", file, "--json"};
    Run two = done(gov(model, "propose", "image add " + hash(8), "gateway set any"));
    String code = "0x9641d764fc13c8B624c04430C7356C1C7C8102e2 (canonical 1.4.1)";
    assertThat(two.out()).contains("\"DELEGATECALL\":\"" + code + "\"");
    assertThat(dir.resolve("several.json")).content().contains("\"operation\" : \"DELEGATECALL\"");
    assertThat(done(gov("status", file, "--json")).out())
        .contains("\"delegate_call\":\"" + code + "\"");
    Run one = done(gov(model, "image", "add", hash(9)));
    assertThat(one.out()).doesNotContain("DELEGATECALL");
  }

  @Test
  void asksBeforeAnOwnerSigns() {
    String file = file("unsigned.json");
    done(
        gov(
            "image",
            "add",
            hash(10),
            "--kms",
            decidedKms,
            "--timelock",
            decidedTimelock,
            "--safe",
            safe,
            "-o",
            file));
    Run asked = chain.unattended("safe-sign", file, "--key-env", "OWNER_0");
    wrong(asked, "there is no terminal to ask at: give --yes");
    assertThat(asked.out()).contains("addOsImageHash");
    assertThat(dir.resolve("unsigned.json")).content().contains("\"signatures\" : [ ]");
  }

  private static final String WORD =
      "1111111111111111111111111111111111111111111111111111111111111111";

  @Test
  void neverMakesAtOnceWhatNamesAFile() {
    wrong(
        gov(BY_DEPLOYER, "image", "add", hash(6), "--kms", delayedKms, "-o", file("never.json")),
        "--out is of a proposal");
    wrong(
        gov(
            byTimelock(file("never.json")),
            "image",
            "add",
            hash(6),
            "--resume",
            hash(1),
            "--key-env",
            "DEPLOYER"),
        "kms gov schedule FILE --resume");
    assertThat(dir.resolve("never.json")).doesNotExist();
  }

  @Test
  void asksBeforeEachStepAndWritesNothingInADryRun() {
    Map<String, String> variables =
        Map.of(
            "RPC_URL", chain.url(), "DEPLOYER", Anvil.FIRST_KEY, "KMS_CONTRACT_ADDR", delayedKms);
    String[] words = {
      "gov", "image", "add", hash(8), "--timelock", timelock, "-o", file("asked.json")
    };
    wrong(Run.with(variables, join(BY_DEPLOYER, words)), "give --yes");
    Run dry = done(Run.with(variables, join(new String[] {"--dry-run"}, words)));
    assertThat(dry.out()).contains("nothing was sent");
    assertThat(dir.resolve("asked.json")).doesNotExist();

    done(Run.with(variables, words));
    wrong(
        Run.with(variables, "gov", "schedule", file("asked.json"), "--key-env", "DEPLOYER"),
        "--yes");
    done(
        Run.with(
            variables,
            "gov",
            "schedule",
            file("asked.json"),
            "--dry-run",
            "--from",
            Anvil.FIRST_ACCOUNT));
    assertThat(done(gov("status", file("asked.json"))).out()).contains("state UNSET");
  }

  @Test
  void goesOnWithAStepThatAnEarlierRunSent() {
    String file = file("resumed.json");
    Run scheduled = done(gov(join(byTimelock(file), BY_DEPLOYER), "image", "add", hash(9)));
    String transaction = ChainWithSafe.named("scheduled by", scheduled);

    assertThat(done(gov(BY_DEPLOYER, "schedule", file, "--resume", transaction)).out())
        .contains("scheduled by " + transaction);
    refused(
        gov(BY_DEPLOYER, "cancel", file, "--resume", transaction),
        "is of another account or does something else");
  }

  @Test
  void answersProgramsWithIdAndFileOfTheProposal() {
    String file = file("json.json");
    Run run = done(gov(join(byTimelock(file), BY_DEPLOYER), "image", "add", hash(10), "--json"));

    JsonNode answer = JsonMapper.shared().readTree(run.out());
    assertThat(answer.get("sent").booleanValue()).isTrue();
    assertThat(answer.get("account").stringValue()).isEqualTo(timelock);
    assertThat(answer.get("transactions")).hasSize(1);
    assertThat(answer.get("max_cost_wei").stringValue()).matches("[1-9][0-9]*");
    assertThat(answer.at("/results/PROPOSAL").stringValue()).isEqualTo(file);
    assertThat(answer.at("/results/OPERATION").stringValue()).matches("0x[0-9a-f]{64}");
    assertThat(run.err()).contains("state WAITING");
  }
}
