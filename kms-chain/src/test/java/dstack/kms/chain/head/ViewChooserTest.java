package dstack.kms.chain.head;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.core.config.BlockChoice;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The choice of a view from what endpoints say, without any endpoint. */
final class ViewChooserTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final long NOW = 1_000_000_000_000L;
  private static final List<RpcClient> CLIENTS = new ArrayList<>();

  @BeforeAll
  static void make() {
    for (int i = 0; i < 3; i++) {
      RpcUrl url = RpcUrl.of("http://127.0.0.1:" + (i + 1));
      CLIENTS.add(new RpcClient(ChainEndpoint.of(url), RpcLimits.DEFAULT));
    }
  }

  @AfterAll
  static void close() {
    CLIENTS.forEach(RpcClient::close);
  }

  @Test
  void takesTheHighestBlockThatAQuorumNames() {
    Choice choice = choose(rules(2), seen(0, 100), seen(1, 101), seen(2, 102));
    assertThat(good(choice).head()).isEqualTo(block(101, 0));
    assertThat(good(choice).endpoints()).containsExactly(CLIENTS.get(1), CLIENTS.get(2));
  }

  @Test
  void cannotBePushedUpByOne() {
    assertThat(good(choose(rules(2), seen(0, 100), seen(1, 100), seen(2, 1_000_000))).head())
        .isEqualTo(block(100, 0));
  }

  @Test
  void countsNobodyWhoIsOnAnotherFork() {
    ChainView view = good(choose(rules(2), seen(0, 100), seen(1, 100), forked(2, 100)));
    assertThat(view.head()).isEqualTo(block(100, 0));
    assertThat(view.endpoints()).containsExactly(CLIENTS.get(0), CLIENTS.get(1));
  }

  @Test
  void refusesWhenNoQuorumIsOnOneFork() {
    assertThat(codeOf(choose(rules(2), seen(0, 100), forked(1, 100))))
        .isEqualTo(HeadRefusal.DISAGREE);
    assertThat(codeOf(choose(rules(3), seen(0, 100), seen(1, 100), forked(2, 100))))
        .isEqualTo(HeadRefusal.DISAGREE);
  }

  @Test
  void goesDownToWhereTheForksMeetButNotFurtherThanTheLag() {
    BlockHeader parting = new BlockHeader(99, hash(99, 1), hash(98, 0), hash(99, 7), TIME);
    Sighting other =
        sighting(1, 100, Optional.empty(), block(97, 0), block(98, 0), parting, block(100, 1));
    assertThat(good(choose(rules(2), seen(0, 100), other)).head()).isEqualTo(block(98, 0));
  }

  @Test
  void leavesOutWhoIsBehindOrWasNotHeardOf() {
    assertThat(codeOf(choose(rules(2), seen(0, 100), seen(1, 94))))
        .isIn(HeadRefusal.NOT_READY, HeadRefusal.DISAGREE);
    Sighting silent = aged(seen(1, 100), Duration.ofSeconds(9));
    assertThat(codeOf(choose(rules(2), seen(0, 100), silent))).isEqualTo(HeadRefusal.NOT_READY);
    Sighting heard = aged(seen(1, 100), Duration.ofSeconds(8));
    assertThat(good(choose(rules(2), seen(0, 100), heard)).head()).isEqualTo(block(100, 0));
  }

  @Test
  void asksNobodyInTrouble() {
    RefusalException why = new RefusalException(HeadRefusal.WRONG_CHAIN, "serves chain 5");
    assertThat(codeOf(choose(rules(1), seen(0, 100).failed(why))))
        .isEqualTo(HeadRefusal.WRONG_CHAIN);
    Choice choice = choose(rules(1), seen(0, 100).failed(why), seen(1, 99));
    assertThat(good(choice).endpoints()).containsExactly(CLIENTS.get(1));
  }

  @Test
  void believesTheFirstAloneInDirectModeAndLetsTheOthersStandIn() {
    ChainView view = good(choose(rules(1), seen(0, 100), seen(1, 103), seen(2, 90)));
    assertThat(view.head()).isEqualTo(block(100, 0));
    assertThat(view.endpoints()).containsExactly(CLIENTS.get(0), CLIENTS.get(1));
  }

  /** It was dropped once as "too far behind": then a height nobody checks took everything over. */
  @Test
  void doesNotDropTheFirstBecauseAStandInClaimsMore() {
    for (long claimed : new long[] {106, 1L << 62}) {
      ChainView view = good(choose(rules(1), seen(0, 100), seen(1, claimed)));
      assertThat(view.head()).isEqualTo(block(100, 0));
      assertThat(view.endpoints()).containsExactly(CLIENTS.get(0));
    }
  }

  @Test
  void letsTheNextDecideWhereTheFirstServesOldBlocks() {
    BlockHeader old = dated(block(100, 0), TIME.minusSeconds(121));
    Sighting first = sighting(0, 100, Optional.empty(), old);
    ChainView view = good(choose(rules(1), first, seen(1, 102), seen(2, 101)));
    assertThat(view.head()).isEqualTo(block(102, 0));
    assertThat(view.endpoints()).startsWith(CLIENTS.get(1));
    assertThat(codeOf(choose(rules(1), first))).isEqualTo(HeadRefusal.STALE);
  }

  @Test
  void isNotDraggedDownByOneWhoReplaysABlockThatTheOthersKnow() {
    Sighting honest = sighting(0, 100, Optional.empty(), block(90, 0), block(100, 0));
    Sighting replaying = sighting(1, 90, Optional.empty(), block(90, 0));
    assertThat(codeOf(choose(rules(2), honest, replaying))).isEqualTo(HeadRefusal.NOT_READY);
    Sighting other = sighting(2, 98, Optional.empty(), block(90, 0), block(98, 0));
    assertThat(codeOf(choose(rules(2), honest, replaying, other)))
        .as("the two that are near share no block that is near")
        .isEqualTo(HeadRefusal.NOT_READY);
    assertThat(good(choose(rules(2), replaying, seen(0, 100), seen(2, 98))).head())
        .isEqualTo(block(98, 0));
  }

  @Test
  void searchesNoFurtherDownThanTheLagBelowWhatAllButTheLiarsReach() {
    Sighting one = sighting(0, 100, Optional.empty(), block(94, 0), block(95, 0), block(100, 0));
    Sighting edge = sighting(1, 95, Optional.empty(), block(94, 0), block(95, 0));
    assertThat(good(choose(rules(2), one, edge)).head()).isEqualTo(block(95, 0));
    Sighting parted = sighting(1, 95, Optional.empty(), block(94, 0), block(95, 1));
    assertThat(codeOf(choose(rules(2), one, parted))).isEqualTo(HeadRefusal.DISAGREE);
  }

  @Test
  void wantsTheChosenHeightNamedAgainThoughItIsKnown() {
    ViewRules rules = rules(1, new BlockChoice(BlockChoice.Kind.DEPTH, 3));
    Choice choice = choose(rules, seen(0, 100));
    assertThat(good(choice).chosen()).isEqualTo(block(97, 0));
    assertThat(((Choice.Good) choice).wanted()).containsExactly(97L);
  }

  @Test
  void refusesOldBlocksAndThoseOfTheFuture() {
    assertThat(codeOf(at(TIME.plusSeconds(121)))).isEqualTo(HeadRefusal.STALE);
    assertThat(codeOf(at(TIME.minusSeconds(121)))).isEqualTo(HeadRefusal.STALE);
    assertThat(good(at(TIME.plusSeconds(120))).head().number()).isEqualTo(100);
  }

  private Choice at(Instant time) {
    return ViewChooser.choose(rules(1), List.of(seen(0, 100)), NOW, time);
  }

  @Test
  void choosesSoManyBelowTheNewestAndWantsThatBlockNamed() {
    ViewRules rules = rules(2, new BlockChoice(BlockChoice.Kind.DEPTH, 10));
    Choice none = choose(rules, seen(0, 100), seen(1, 100));
    assertThat(codeOf(none)).isEqualTo(HeadRefusal.NOT_READY);
    assertThat(none.wanted()).contains(90L);
    Sighting zero = sighting(0, 100, Optional.empty(), block(90, 0), block(100, 0));
    Sighting one = sighting(1, 100, Optional.empty(), block(90, 0), block(100, 0));
    assertThat(good(choose(rules, zero, one)).chosen()).isEqualTo(block(90, 0));
    Sighting liar = sighting(1, 100, Optional.empty(), block(90, 1), block(100, 0));
    assertThat(codeOf(choose(rules, zero, liar))).isEqualTo(HeadRefusal.DISAGREE);
  }

  @Test
  void keepsTheLastChosenBlockUntilTheNextIsNamed() {
    ViewRules rules = rules(1, new BlockChoice(BlockChoice.Kind.DEPTH, 10));
    Sighting later = sighting(0, 103, Optional.empty(), block(90, 0), block(103, 0));
    assertThat(good(choose(rules, later)).chosen()).isEqualTo(block(90, 0));
    Sighting muchLater = sighting(0, 106, Optional.empty(), block(90, 0), block(106, 0));
    assertThat(codeOf(choose(rules, muchLater))).isEqualTo(HeadRefusal.NOT_READY);
  }

  @Test
  void hasNoViewWhereTheChainIsShorterThanTheDepth() {
    ViewRules rules = rules(1, new BlockChoice(BlockChoice.Kind.DEPTH, 101));
    assertThat(codeOf(choose(rules, seen(0, 100)))).isEqualTo(HeadRefusal.NOT_READY);
  }

  @Test
  void measuresFinalizedBlocksByTheQuorumToo() {
    ViewRules rules = rules(2, new BlockChoice(BlockChoice.Kind.FINALIZED, 0));
    Sighting zero = tagged(0, block(40, 0), block(40, 0));
    Sighting one = tagged(1, block(41, 0), block(40, 0), block(41, 0));
    Sighting liar = tagged(2, block(99, 1), block(99, 1));
    assertThat(good(choose(rules, zero, one, liar)).chosen()).isIn(block(40, 0), block(41, 0));
    assertThat(good(choose(rules, zero, one, liar)).endpoints()).doesNotContain(CLIENTS.get(2));
    assertThat(codeOf(choose(rules, zero, tagged(1, block(40, 1), block(40, 1)))))
        .isEqualTo(HeadRefusal.DISAGREE);
    assertThat(codeOf(choose(rules, seen(0, 100), seen(1, 100)))).isEqualTo(HeadRefusal.NOT_READY);
  }

  @Test
  void refusesAFinalizedBlockAboveTheNewest() {
    ViewRules rules = rules(1, new BlockChoice(BlockChoice.Kind.FINALIZED, 0));
    assertThat(codeOf(choose(rules, tagged(0, block(101, 0), block(101, 0)))))
        .isEqualTo(HeadRefusal.DISAGREE);
  }

  private static Choice choose(ViewRules rules, Sighting... sightings) {
    return ViewChooser.choose(rules, List.of(sightings), NOW, TIME);
  }

  private static ChainView good(Choice choice) {
    assertThat(choice).isInstanceOf(Choice.Good.class);
    return ((Choice.Good) choice).view();
  }

  private static Object codeOf(Choice choice) {
    assertThat(choice).isInstanceOf(Choice.None.class);
    return ((Choice.None) choice).why().code();
  }

  private static ViewRules rules(int quorum) {
    return rules(quorum, BlockChoice.LATEST);
  }

  private static ViewRules rules(int quorum, BlockChoice block) {
    return new ViewRules(block, quorum, Duration.ofSeconds(8), Duration.ofMinutes(2), 5);
  }

  /** An endpoint that names the newest six blocks of the one chain. */
  private static Sighting seen(int index, long head) {
    BlockHeader[] known = new BlockHeader[6];
    for (int i = 0; i < known.length; i++) {
      known[i] = block(head - 5 + i, 0);
    }
    return sighting(index, head, Optional.empty(), known);
  }

  private static Sighting forked(int index, long head) {
    return sighting(index, head, Optional.empty(), block(head, 1));
  }

  private static Sighting tagged(int index, BlockHeader tag, BlockHeader... known) {
    BlockHeader[] all = java.util.Arrays.copyOf(known, known.length + 1);
    all[known.length] = block(100, 0);
    return sighting(index, 100, Optional.of(tag), all);
  }

  private static Sighting sighting(
      int index, long head, Optional<BlockHeader> tag, BlockHeader... known) {
    KnownBlocks blocks = KnownBlocks.NONE;
    BlockHeader newest = known[known.length - 1];
    for (BlockHeader header : known) {
      blocks = blocks.with(header);
    }
    assertThat(newest.number()).isLessThanOrEqualTo(head);
    return new Sighting(
        CLIENTS.get(index), Optional.empty(), Optional.of(newest), tag, blocks, NOW);
  }

  private static Sighting aged(Sighting sighting, Duration age) {
    return new Sighting(
        sighting.client(),
        sighting.trouble(),
        sighting.head(),
        sighting.tagged(),
        sighting.known(),
        NOW - age.toNanos());
  }

  /** The block of that height on one of two forks that part below it. */
  private static BlockHeader block(long number, int fork) {
    return new BlockHeader(
        number, hash(number, fork), hash(number - 1, fork), hash(number, 7), TIME);
  }

  private static BlockHeader dated(BlockHeader block, Instant time) {
    return new BlockHeader(
        block.number(), block.hash(), block.parentHash(), block.stateRoot(), time);
  }

  private static Word hash(long number, int fork) {
    return Word.of(
        BigInteger.valueOf(number).multiply(BigInteger.TEN).add(BigInteger.valueOf(1000 + fork)));
  }
}
