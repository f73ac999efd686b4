package dstack.kms.chain.head;

import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.core.config.BlockChoice;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses the view from what all endpoints said; a function of its arguments.
 *
 * <p>Where one endpoint is believed alone, that is the first in the configured order whose newest
 * block is fresh; what the others claim has no part in it, and those near it may stand in for it at
 * its blocks.
 *
 * <p>With a quorum of k of n, who is behind is measured by the height that all but n - k reach, so
 * that n - k endpoints cannot push it up, and nobody who is behind by more than the limit counts
 * towards the quorum. A block counts only if k endpoints name the same one at its height.
 */
final class ViewChooser {
  private final ViewRules rules;
  private final List<Long> wanted = new ArrayList<>();

  private ViewChooser(ViewRules rules) {
    this.rules = rules;
  }

  /**
   * Chooses.
   *
   * @param sightings of all endpoints in the configured order
   * @param now on the monotonic clock
   * @param time on the wall clock
   */
  static Choice choose(ViewRules rules, List<Sighting> sightings, long now, Instant time) {
    ViewChooser chooser = new ViewChooser(rules);
    try {
      ChainView view = chooser.view(sightings, now, time);
      return new Choice.Good(view, chooser.wanted);
    } catch (RefusalException e) {
      return new Choice.None(e, chooser.wanted);
    }
  }

  private ChainView view(List<Sighting> sightings, long now, Instant time) {
    List<Sighting> usable = sightings.stream().filter(each -> isUsable(each, now)).toList();
    if (usable.size() < rules.quorum()) {
      throw tooFew(sightings, usable.size());
    }
    Agreed head = rules.quorum() == 1 ? ofTheFirst(usable, time) : ofQuorum(usable);
    requireFresh(head.block(), time);
    Agreed chosen = rules.block().kind() == BlockChoice.Kind.LATEST ? head : chosen(head);
    if (chosen.block().number() > head.block().number()) {
      throw new RefusalException(
          HeadRefusal.DISAGREE, "the " + rules.block().word() + " block is above the newest");
    }
    List<Sighting> asked = rules.quorum() == 1 ? withStandIns(head, usable) : chosen.by();
    return new ChainView(head.block(), chosen.block(), clients(asked));
  }

  private Agreed ofTheFirst(List<Sighting> usable, Instant time) {
    Sighting first =
        usable.stream()
            .filter(each -> isFresh(each.head().orElseThrow(), time))
            .findFirst()
            .orElse(usable.getFirst());
    return new Agreed(first.head().orElseThrow(), List.of(first));
  }

  private List<Sighting> withStandIns(Agreed head, List<Sighting> usable) {
    Stream<Sighting> others =
        usable.stream()
            .filter(each -> !head.by().contains(each))
            .filter(each -> isNear(each, head.block().number()));
    return Stream.concat(head.by().stream(), others).toList();
  }

  private boolean isNear(Sighting sighting, long height) {
    return Math.abs(sighting.headNumber() - height) <= rules.maxLag();
  }

  private Agreed ofQuorum(List<Sighting> usable) {
    int liars = usable.size() - rules.quorum();
    long reference = highest(liars + 1, usable, Sighting::headNumber).orElseThrow();
    long lowest = reference - rules.maxLag();
    List<Sighting> near = usable.stream().filter(s -> s.headNumber() >= lowest).toList();
    OptionalLong start = highest(rules.quorum(), near, Sighting::headNumber);
    if (start.isEmpty()) {
      throw new RefusalException(
          HeadRefusal.NOT_READY,
          near.size()
              + " endpoints are at most "
              + rules.maxLag()
              + " blocks behind height "
              + reference
              + ", "
              + rules.quorum()
              + " needed: the others are behind or serve old blocks");
    }
    return agreed(near, start.getAsLong(), lowest, "newest");
  }

  private boolean isUsable(Sighting sighting, long now) {
    return sighting.trouble().isEmpty()
        && sighting.head().isPresent()
        && now - sighting.seen() <= rules.maxViewAge().toNanos();
  }

  /** The height that so many reach. */
  private static OptionalLong highest(
      int many, List<Sighting> sightings, ToLongFunction<Sighting> height) {
    return sightings.stream()
        .map(sighting -> height.applyAsLong(sighting))
        .filter(number -> number >= 0)
        .sorted(Comparator.reverseOrder())
        .skip(many - 1L)
        .mapToLong(number -> number)
        .findFirst();
  }

  private Agreed chosen(Agreed head) {
    long height = chosenHeight(head);
    // Asked again at every look, known or not: it may have been replaced far below the newest.
    wanted.add(height);
    return agreed(head.by(), height, height - rules.maxLag(), rules.block().word());
  }

  private long chosenHeight(Agreed head) {
    if (rules.block().kind() == BlockChoice.Kind.DEPTH) {
      long height = head.block().number() - rules.block().depth();
      if (height < 0) {
        throw new RefusalException(
            HeadRefusal.NOT_READY,
            "the chain has no "
                + rules.block().word()
                + ": its height is "
                + head.block().number());
      }
      return height;
    }
    return highest(rules.quorum(), head.by(), s -> s.tagged().map(BlockHeader::number).orElse(-1L))
        .orElseThrow(
            () ->
                new RefusalException(
                    HeadRefusal.NOT_READY,
                    "too few endpoints name a " + rules.block().word() + " block"));
  }

  /** A block and those who name it. */
  private record Agreed(BlockHeader block, List<Sighting> by) {}

  /** The highest block between the heights that a quorum names. */
  private Agreed agreed(List<Sighting> among, long height, long lowest, String which) {
    boolean differs = false;
    for (long number = height; number >= Math.max(0, lowest); number--) {
      long at = number;
      List<Sighting> naming = among.stream().filter(s -> s.known().at(at).isPresent()).toList();
      if (number == height && naming.size() < among.size()) {
        wanted.add(height);
      }
      Optional<Agreed> found = majority(naming, at);
      if (found.isPresent()) {
        return found.get();
      }
      differs |= naming.size() >= rules.quorum();
    }
    throw differs
        ? new RefusalException(
            HeadRefusal.DISAGREE, "endpoints name different " + which + " blocks at one height")
        : new RefusalException(
            HeadRefusal.NOT_READY, "too few endpoints have named the " + which + " block yet");
  }

  private Optional<Agreed> majority(List<Sighting> naming, long number) {
    for (Sighting sighting : naming) {
      BlockHeader block = sighting.known().at(number).orElseThrow();
      List<Sighting> by =
          naming.stream().filter(s -> s.known().at(number).orElseThrow().equals(block)).toList();
      if (by.size() >= rules.quorum()) {
        return Optional.of(new Agreed(block, by));
      }
    }
    return Optional.empty();
  }

  private boolean isFresh(BlockHeader head, Instant time) {
    return Duration.between(head.timestamp(), time).abs().compareTo(rules.maxHeadAge()) <= 0;
  }

  private void requireFresh(BlockHeader head, Instant time) {
    if (!isFresh(head, time)) {
      Duration age = Duration.between(head.timestamp(), time);
      throw new RefusalException(
          HeadRefusal.STALE,
          "the newest block "
              + head.number()
              + " is "
              + (age.isNegative() ? "of the future by " : "old by ")
              + age.abs().toSeconds()
              + " s, at most "
              + rules.maxHeadAge().toSeconds()
              + " s are allowed: the chain stands still, the endpoint serves old blocks, or this"
              + " machine's clock is wrong");
    }
  }

  private RefusalException tooFew(List<Sighting> sightings, int usable) {
    String troubles =
        sightings.stream()
            .map(s -> s.trouble().map(RefusalException::text).orElse(silence(s)))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("; "));
    String text = "chain view not ready: " + usable + " of " + sightings.size() + " endpoints";
    // One endpoint's own reason is the clearer code; of several, none speaks for all.
    return sightings.size() == 1 && sightings.getFirst().trouble().isPresent()
        ? sightings.getFirst().trouble().get().within(text)
        : new RefusalException(
            HeadRefusal.NOT_READY, text + ", " + rules.quorum() + " needed: " + troubles);
  }

  private static String silence(Sighting sighting) {
    return sighting.client().endpoint() + " was not heard of lately";
  }

  private static List<RpcClient> clients(List<Sighting> sightings) {
    return sightings.stream().map(Sighting::client).toList();
  }
}
