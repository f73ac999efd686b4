package dstack.kms.cli.gov;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Anvil;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Timelock and Safe themselves, and operations of which no file is at hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GovernorsTest {
  private static final String EVERYBODY = "0x0000000000000000000000000000000000000000";
  private static final String UNKNOWN = "0x" + "ab".repeat(32);

  @TempDir static Path dir;
  private ChainWithSafe chain;
  private String kms;
  private String timelock;
  private String decidedKms;
  private String safe;
  private String decidedTimelock;

  @BeforeAll
  void deploy() {
    chain = ChainWithSafe.start();
    Run delayed = done(send("deploy --model b --min-delay 60 --proposer " + Anvil.FIRST_ACCOUNT));
    kms = ChainWithSafe.named("kms", delayed);
    timelock = ChainWithSafe.named("timelock", delayed);
    String owner = ChainWithSafe.OWNERS.get(0);
    Run decided =
        done(
            send(
                "deploy --model c --min-delay 3600 --threshold 1 --safe-owner "
                    + owner
                    + " --executor "
                    + EVERYBODY));
    decidedKms = ChainWithSafe.named("kms", decided);
    safe = ChainWithSafe.named("safe", decided);
    decidedTimelock = ChainWithSafe.named("timelock", decided);
  }

  @AfterAll
  void stop() {
    chain.close();
  }

  private Run gov(String words) {
    return chain.gov(words.split(" ", -1));
  }

  /** As the account that deployed everything. */
  private Run send(String words) {
    return gov(words + " --key-env DEPLOYER");
  }

  private static Run done(Run run) {
    assertThat(run.status()).as(run.out() + run.err()).isZero();
    return run;
  }

  private static void refused(Run run, String... words) {
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(run.err()).contains(words);
  }

  private static void wrong(Run run, String words) {
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.err()).contains(words);
  }

  private static String file(String name) {
    return dir.resolve(name).toString();
  }

  private static String hash(int number) {
    return "0x" + "%064x".formatted(number);
  }

  /** The id of an operation that waits. */
  private String scheduled(int number) {
    String file = file("by-account-" + number + ".json");
    String change = "image add " + hash(number) + " --kms " + kms + " --timelock " + timelock;
    return ChainWithSafe.named("operation", done(send(change + " -o " + file)));
  }

  /** The same at the timelock of the Safe. */
  private String scheduledBySafe(int number) {
    String file = file("by-safe-" + number + ".json");
    String model = " --timelock " + decidedTimelock + " --safe " + safe;
    String change = "image add " + hash(number) + " --kms " + decidedKms + model;
    String id = ChainWithSafe.named("operation", done(gov(change + " -o " + file)));
    done(gov("safe-sign " + file + " --key-env OWNER_0"));
    done(send("safe-exec " + file));
    return id;
  }

  @Test
  void showsWhereAnOperationStandsThatIsKnownByItsIdOnly() {
    String id = scheduled(1);

    assertThat(done(gov("status " + id + " --timelock " + timelock)).out())
        .contains("state WAITING", "ready at 20", "may be executed by holders of EXECUTOR")
        .doesNotContain("addOsImageHash");
    assertThat(done(gov("status " + id + " --from-block 0 --timelock " + timelock)).out())
        .contains("addOsImageHash", hash(1));
    JsonNode answer =
        JsonMapper.shared()
            .readTree(done(gov("status " + id + " --json --timelock " + timelock)).out());
    assertThat(answer.get("state").stringValue()).isEqualTo("WAITING");
    assertThat(answer.get("id").stringValue()).isEqualTo(id);
    assertThat(done(gov("status " + UNKNOWN + " --timelock " + timelock)).out())
        .contains("state UNSET");
  }

  /** What an endpoint says that an operation calls is nobody's reason to let it pass. */
  @Test
  void showsNoCallsThatDoNotMakeUpTheId() throws Exception {
    String id = scheduled(9);
    String harmless = hash(10).substring(2);
    FakeEndpoint.Lie lie = answer -> answer.replace(hash(9).substring(2), harmless);
    try (FakeEndpoint endpoint = new FakeEndpoint(chain.url(), "eth_getLogs", lie)) {
      String over = " --timelock " + timelock + " --from-block 0 --rpc-url " + endpoint.url();
      assertThat(done(gov("status " + id + over)).out())
          .contains("what it calls is not known", "does not make up the operation " + id)
          .doesNotContain(harmless);
      assertThat(done(gov("status " + id + over + " --json")).out()).doesNotContain(harmless);
      assertThat(done(send("cancel " + id + over + " --dry-run")).out()).doesNotContain(harmless);
      refused(send("execute " + id + over), "does not make up the operation " + id);
    }
  }

  @Test
  void cancelsAnOperationThatIsKnownByItsIdOnly() {
    String id = scheduled(2);
    String cancel = "cancel " + id + " --timelock " + timelock;

    wrong(gov(cancel), "say who signs");
    refused(gov(cancel + " --key-env OWNER_0"), "does not have the role CANCELLER");
    done(send(cancel + " --dry-run"));
    assertThat(done(send(cancel)).out()).contains("state WAITING", "cancelled by 0x");
    assertThat(done(gov("status " + file("by-account-2.json"))).out()).contains("state UNSET");
    refused(send(cancel), "is not scheduled");
  }

  @Test
  void letsTheSafeCancelAnOperationThatIsKnownByItsIdOnly() {
    String id = scheduledBySafe(3);
    String file = file("cancel.json");
    String cancel = "cancel " + id + " --timelock " + decidedTimelock + " --safe " + safe;

    done(gov(cancel + " --dry-run -o " + file("dry.json")));
    assertThat(dir.resolve("dry.json")).doesNotExist();
    assertThat(done(gov(cancel + " -o " + file)).out()).contains("safe-sign");
    done(gov("safe-sign " + file + " --key-env OWNER_0"));
    done(send("safe-exec " + file));
    assertThat(done(gov("status " + id + " --timelock " + decidedTimelock)).out())
        .contains("state UNSET");
  }

  @Test
  void executesAnOperationThatIsKnownByItsIdOnly() {
    String id = scheduled(5);
    String execute = "execute " + id + " --timelock " + timelock;

    wrong(send(execute), "give --from-block BLOCK");
    refused(send(execute + " --from-block 0"), "is waiting for its delay");
    chain.pass(60);
    refused(send(execute + " --from-block 999999"), "announced no operation");
    refused(gov(execute + " --from-block 0 --key-env OWNER_0"), "does not have the role EXECUTOR");
    done(send(execute + " --from-block 0 --dry-run"));
    assertThat(done(send(execute + " --from-block 0")).out())
        .contains("addOsImageHash", hash(5), "executed by 0x");
    assertThat(done(gov("status " + id + " --timelock " + timelock)).out()).contains("state DONE");
    refused(send(execute + " --from-block 0"), "is done");
  }

  @Test
  void executesABatchThatIsKnownByItsIdOnlyAndTellsItFromItsOnlyCall() {
    String batch = "image add " + hash(6) + " --batch --kms " + kms + " --timelock " + timelock;
    String one = "image add " + hash(7) + " --kms " + kms + " --timelock " + timelock;
    String id = ChainWithSafe.named("operation", done(send(batch + " -o " + file("batch.json"))));
    done(send(one + " --salt 0x" + "00".repeat(32) + " -o " + file("unsalted.json")));
    String unsalted =
        ChainWithSafe.named("operation", done(gov("status " + file("unsalted.json"))));
    chain.pass(60);
    for (String each : new String[] {id, unsalted}) {
      String execute = "execute " + each + " --timelock " + timelock + " --from-block 0";
      assertThat(done(send(execute)).out()).contains("executed by 0x");
    }
  }

  @Test
  void letsTheSafeExecuteAnOperationThatIsKnownByItsIdOnly() {
    String id = scheduledBySafe(8);
    chain.pass(3600);
    String file = file("execute.json");
    String execute = "execute " + id + " --timelock " + decidedTimelock + " --from-block 0";

    assertThat(done(gov(execute + " --safe " + safe + " -o " + file)).out()).contains("safe-sign");
    done(gov("safe-sign " + file + " --key-env OWNER_0"));
    done(send("safe-exec " + file));
    assertThat(done(gov("status " + id + " --timelock " + decidedTimelock)).out())
        .contains("state DONE");
  }

  @Test
  void refusesAnIdWithoutItsTimelockAndAFileWithAnother() {
    String id = scheduled(4);
    wrong(gov("status " + id), "needs --timelock");
    wrong(send("cancel " + id), "needs --timelock");
    wrong(
        gov("status " + file("by-account-4.json") + " --timelock " + timelock),
        "a file names its timelock itself");
    wrong(gov("status " + file("by-account-4.json") + " --from-block 0"), "are for an id");
    wrong(gov("status " + file("none.json")), "no such file");
    refused(gov("status " + id + " --timelock " + kms), "is no timelock");
    refused(send("cancel " + id + " --timelock " + kms), "is no timelock");
    refused(send("cancel " + id + " --timelock " + decidedTimelock), "is not scheduled");
  }

  @Test
  void showsATimelock() {
    String roles = " --account " + Anvil.FIRST_ACCOUNT;
    assertThat(done(gov("show timelock " + timelock + roles)).out())
        .contains(
            "min_delay_seconds: 60",
            "executed_by_anybody: false",
            "own_admin: true",
            "roles_of_" + Anvil.FIRST_ACCOUNT + ": [PROPOSER, EXECUTOR, CANCELLER]");
    assertThat(done(gov("show timelock " + decidedTimelock + " --json")).out())
        .contains("\"min_delay_seconds\":3600", "\"executed_by_anybody\":true");
    refused(gov("show timelock " + kms), "is no timelock");
    refused(gov("show timelock " + Anvil.FIRST_ACCOUNT), "is no timelock");
    refused(gov("show timelock " + safe), "is no timelock");
  }

  @Test
  void showsASafe() {
    JsonNode shown = JsonMapper.shared().readTree(done(gov("show safe " + safe + " --json")).out());
    assertThat(shown.get("version").stringValue()).isEqualTo("1.4.1");
    assertThat(shown.get("threshold").intValue()).isOne();
    assertThat(
            Stream.of(shown.get("owners"))
                .flatMap(owners -> owners.valueStream())
                .map(JsonNode::stringValue))
        .containsExactly(ChainWithSafe.OWNERS.get(0));
    assertThat(shown.get("modules")).isEmpty();
    refused(gov("show safe " + timelock), "none of the published Safes");
    refused(gov("show safe " + kms), "none of the published Safes");
    refused(gov("show safe " + Anvil.FIRST_ACCOUNT), "none of the published Safes");
  }
}
