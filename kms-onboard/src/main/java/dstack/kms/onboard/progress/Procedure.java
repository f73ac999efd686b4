package dstack.kms.onboard.progress;

import dstack.kms.onboard.progress.ProgressView.Outcome;
import dstack.kms.onboard.progress.ProgressView.StepState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt to give the node its keys, as its board shows it. */
public final class Procedure implements Progress {
  /** Longer remarks and errors are cut: they come from services that may be hostile. */
  static final int LONGEST = 2000;

  private final ProcedureKind kind;
  private final InstantSource clock;
  private final Consumer<Procedure> show;

  // Everything below is guarded by this: the procedure writes, readers of the board look.
  private final List<Taken> steps = new ArrayList<>();
  private Outcome outcome = Outcome.RUNNING;
  private String says = "";
  private String error = "";

  /** A step that has begun; it has ended when {@code until} is known. */
  private record Taken(SetupStep id, StepState state, Instant since, @Nullable Instant until) {
    Taken ended(StepState how, Instant now) {
      return until == null ? new Taken(id, how, since, now) : this;
    }

    Duration took(Instant now) {
      Duration took = Duration.between(since, until == null ? now : until);
      return took.isNegative() ? Duration.ZERO : took; // the clock may have been set back
    }
  }

  Procedure(ProcedureKind kind, InstantSource clock, Consumer<Procedure> show) {
    this.kind = kind;
    this.clock = clock;
    this.show = show;
  }

  @Override
  public void at(SetupStep step) {
    boolean first;
    synchronized (this) {
      first = steps.isEmpty();
      Instant now = clock.instant();
      steps.replaceAll(taken -> taken.ended(StepState.DONE, now));
      forgetFrom(step);
      steps.add(new Taken(step, StepState.RUNNING, now, null));
      says = "";
    }
    if (first) {
      show.accept(this);
    }
  }

  @Override
  public synchronized void says(String text) {
    says = cut(text);
  }

  /**
   * It is over.
   *
   * @param failure why it failed, a text that anybody may read; empty if it did not
   */
  public void end(String failure) {
    if (failure.isEmpty()) {
      end(Outcome.DONE, StepState.DONE, "");
    } else {
      end(Outcome.FAILED, StepState.FAILED, cut(failure));
    }
  }

  synchronized boolean isRunning() {
    return outcome == Outcome.RUNNING;
  }

  synchronized ProgressView view() {
    Instant now = clock.instant();
    List<ProgressView.Step> all = new ArrayList<>();
    for (Taken taken : steps) {
      all.add(new ProgressView.Step(taken.id(), taken.state(), taken.took(now)));
    }
    for (SetupStep planned : ahead()) {
      all.add(new ProgressView.Step(planned, StepState.WAITING, Duration.ZERO));
    }
    return new ProgressView(kind, outcome, all, says, error);
  }

  /** The planned steps behind the last one taken; what was left out on the way does not show. */
  private List<SetupStep> ahead() {
    List<SetupStep> plan = kind.plan();
    int last = steps.stream().mapToInt(taken -> plan.indexOf(taken.id())).max().orElse(-1);
    return outcome == Outcome.DONE ? List.of() : plan.subList(last + 1, plan.size());
  }

  private void end(Outcome how, StepState lastStep, String text) {
    synchronized (this) {
      Instant now = clock.instant();
      steps.replaceAll(taken -> taken.ended(lastStep, now));
      outcome = how;
      error = text;
      says = "";
    }
    show.accept(this);
  }

  /** A step that is taken again begins anew, and so do the ones after it. */
  private void forgetFrom(SetupStep step) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).id() == step) {
        steps.subList(i, steps.size()).clear();
      }
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
