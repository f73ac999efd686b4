package dstack.kms.chain.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScannerTest {
  private final TestChain chain = TestChain.start();
  private final Deployment on = Deployment.on(chain);
  private final RpcClient client =
      new RpcClient(ChainEndpoint.of(RpcUrl.of(chain.url().toString())), RpcLimits.DEFAULT);
  private final Endpoint endpoint = new Endpoint(client);
  private final Scanner scanner = new Scanner(endpoint, 0, 1000);

  @AfterEach
  void stop() {
    client.close();
    chain.close();
  }

  private static Word word(int digit) {
    return Word.parse(Integer.toHexString(digit).repeat(64));
  }

  private WatchState start() {
    return WatchState.from(31337, Set.of(on.kms()), 0);
  }

  private static List<String> sentences(Scan scan) {
    return scan.readings().stream().map(each -> each.name() + " " + each.sentence()).toList();
  }

  @Test
  void readsTheEventsOfAContractInTheChainsOrder() {
    on.owner("addOsImageHash(bytes32)", word(1));
    on.owner("removeOsImageHash(bytes32)", word(1));
    on.owner("transferOwnership(address)", chain.account(3));
    assertThat(sentences(scanner.scan(start())))
        .containsSubsequence(
            "OwnershipTransferred the owner is now "
                + on.owner()
                + ", before it was "
                + Address.ZERO,
            "OsImageHashAdded OS image " + word(1) + " is allowed",
            "PolicyChanged "
                + on.owner()
                + " changed the policy \"os-image\" for "
                + word(1)
                + ": true",
            "OsImageHashRemoved OS image " + word(1) + " is not allowed",
            "OwnershipTransferStarted "
                + on.owner()
                + " offers the ownership to "
                + chain.account(3));
  }

  @Test
  void goesOnWhereItEndedAndReportsNothingTwice() {
    on.owner("addOsImageHash(bytes32)", word(1));
    WatchState after = WatchStateFile.read(WatchStateFile.write(scanner.scan(start()).state()));
    assertThat(scanner.scan(after).readings()).isEmpty();
    on.owner("addOsImageHash(bytes32)", word(2));
    assertThat(sentences(scanner.scan(after)))
        .contains("OsImageHashAdded OS image " + word(2) + " is allowed")
        .noneMatch(each -> each.contains(word(1).text()));
  }

  @Test
  void readsRangeByRangeUpToTheConfirmedHead() {
    on.owner("addOsImageHash(bytes32)", word(1));
    chain.rpc("anvil_mine", "0x20");
    Scanner careful = new Scanner(endpoint, 10, 7);
    List<EventReading> all = new ArrayList<>();
    WatchState state = start();
    Scan scan = careful.scan(state);
    while (scan.state().next() > state.next()) {
      assertThat(scan.state().next() - state.next()).isLessThanOrEqualTo(7);
      all.addAll(scan.readings());
      state = scan.state();
      scan = careful.scan(state);
    }
    assertThat(state.next()).isEqualTo(endpoint.head() - 10 + 1);
    assertThat(all).extracting(EventReading::name).contains("OsImageHashAdded");
  }

  @Test
  void goesBackWhenTheChainReplacedWhatWasRead() {
    WatchState before = scanner.scan(start()).state();
    on.owner("addOsImageHash(bytes32)", word(1));
    WatchState read = scanner.scan(before).state();
    chain.rpc("anvil_reorg", 1, List.of());
    on.owner("addOsImageHash(bytes32)", word(2));
    Scan again = scanner.scan(read);
    assertThat(again.replacedFrom()).hasValue(before.next());
    assertThat(sentences(again))
        .contains("OsImageHashAdded OS image " + word(2) + " is allowed")
        .noneMatch(each -> each.contains(word(1).text()));
  }

  @Test
  void followsApplicationsFromTheBlockThatRegistersThem() {
    Address app = on.deployApp(chain.account(4), false, false, false, word(3), word(4));
    Scan scan = scanner.scan(start());
    assertThat(scan.state().contracts()).contains(app);
    assertThat(scan.readings())
        .filteredOn(each -> each.event().contract().equals(app))
        .extracting(EventReading::name)
        .contains("DeviceAdded", "ComposeHashAdded");
  }

  @Test
  void rebuildsTheListsAndAsksForEachEntry() {
    on.owner("addOsImageHash(bytes32)", word(1));
    on.owner("addOsImageHash(bytes32)", word(2));
    on.owner("removeOsImageHash(bytes32)", word(1));
    Address app = on.deployApp(chain.account(4), false, false, false, word(3), word(4));
    List<EventReading> history = scanner.scan(start()).readings();
    FactReader facts = FactReader.latest(endpoint);
    assertThat(ListAudit.ofKms(on.kms(), history, facts))
        .allSatisfy(list -> assertThat(list.doubts()).isEmpty())
        .filteredOn(list -> list.title().equals("OS images"))
        .flatExtracting(ListAudit::entries)
        .extracting(each -> each.words())
        .containsExactly(word(2).text());
    assertThat(ListAudit.ofApp(app, history, facts))
        .flatExtracting(ListAudit::entries)
        .extracting(each -> each.words())
        .containsExactly(word(4).text(), word(3).text());
  }

  @Test
  void doubtsAListOfWhichEventsAreMissing() {
    on.owner("addOsImageHash(bytes32)", word(1));
    on.owner("removeOsImageHash(bytes32)", word(1));
    List<EventReading> history =
        scanner.scan(start()).readings().stream()
            .filter(each -> !each.name().equals("OsImageHashRemoved"))
            .toList();
    assertThat(ListAudit.ofKms(on.kms(), history, FactReader.latest(endpoint)))
        .flatExtracting(ListAudit::doubts)
        .singleElement()
        .asString()
        .contains("events are missing");
  }

  @Test
  void refusesAStateOfAnotherChainAndAnEndpointThatIsDown() {
    assertThatThrownBy(() -> scanner.scan(WatchState.from(1, Set.of(on.kms()), 0)))
        .hasMessageContaining("the endpoint serves 31337");
    WatchState state = start();
    chain.close();
    assertThatThrownBy(() -> scanner.scan(state)).isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"format\":\"dstack-kms-watch/2\",\"chainId\":1,\"contracts\":[],\"first\":0,\"visited\":[]}",
        "{\"format\":\"dstack-kms-watch/1\",\"chainId\":1,\"contracts\":[],\"first\":0,\"visited\":[]}",
        "{\"format\":\"dstack-kms-watch/1\",\"chainId\":-1,\"contracts\":[\"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0\"],\"first\":0,\"visited\":[]}",
        "{\"format\":\"dstack-kms-watch/1\",\"chainId\":1,\"contracts\":[\"nobody\"],\"first\":0,\"visited\":[]}",
        "{\"format\":\"dstack-kms-watch/1\",\"chainId\":1,\"contracts\":[\"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0\"],\"first\":0,\"visited\":[{\"block\":1}]}"
      })
  void refusesAStateThatItDidNotWrite(String text) {
    assertThatThrownBy(() -> WatchStateFile.read(text)).isInstanceOf(RefusalException.class);
  }
}
