package dstack.kms.onboard.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.onboard.progress.ProgressView.Outcome;
import dstack.kms.onboard.progress.ProgressView.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the board shows of procedures, whatever order they come and fail in. */
final class ProgressBoardTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-06-01T00:00:00Z"));
  private final ProgressBoard board = new ProgressBoard(now::get);

  @Test
  void showsNothingBeforeTheFirstStep() {
    board.begin(ProcedureKind.BOOTSTRAP);

    assertThat(board.look()).isEmpty();
  }

  @Test
  void showsEveryStepOfTheProcedureWithTheTimeItTook() {
    Procedure attempt = board.begin(ProcedureKind.BOOTSTRAP);
    attempt.at(SetupStep.CHECKING);
    pass(Duration.ofMillis(1500));
    attempt.at(SetupStep.AUTHORIZATION);
    pass(Duration.ofMillis(250));

    assertThat(view().outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(view().steps())
        .containsExactly(
            step(SetupStep.CHECKING, StepState.DONE, 1500),
            step(SetupStep.AUTHORIZATION, StepState.RUNNING, 250),
            step(SetupStep.KEYS, StepState.WAITING, 0),
            step(SetupStep.CERTIFICATES, StepState.WAITING, 0),
            step(SetupStep.KEY_STATEMENT, StepState.WAITING, 0),
            step(SetupStep.STORE, StepState.WAITING, 0));
  }

  @Test
  void marksTheStepAtWhichItFailedAndKeepsTheReason() {
    Procedure attempt = board.begin(ProcedureKind.BOOTSTRAP);
    attempt.at(SetupStep.CHECKING);
    attempt.at(SetupStep.AUTHORIZATION);
    attempt.end("boot denied: no");
    pass(Duration.ofHours(1));

    assertThat(view().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(view().error()).isEqualTo("boot denied: no");
    assertThat(view().steps().subList(0, 2))
        .containsExactly(
            step(SetupStep.CHECKING, StepState.DONE, 0),
            step(SetupStep.AUTHORIZATION, StepState.FAILED, 0));
  }

  @Test
  void showsNoStepThatWasLeftOutOnceALaterOneHasBegun() {
    Procedure attempt = board.begin(ProcedureKind.BOOTSTRAP);
    attempt.at(SetupStep.CHECKING);
    attempt.at(SetupStep.STORE);

    assertThat(view().steps())
        .extracting(ProgressView.Step::id)
        .containsExactly(SetupStep.CHECKING, SetupStep.STORE);
  }

  @Test
  void beginsAStepAnewThatIsTakenAgain() {
    Procedure attempt = board.begin(ProcedureKind.ONBOARD);
    attempt.at(SetupStep.SOURCE);
    attempt.at(SetupStep.SOURCE_EVIDENCE);
    attempt.says("the source's chain lags; trying again");
    attempt.at(SetupStep.SOURCE);

    assertThat(view().steps().getFirst()).isEqualTo(step(SetupStep.SOURCE, StepState.RUNNING, 0));
    assertThat(view().steps().get(1).state()).isEqualTo(StepState.WAITING);
    assertThat(view().says()).isEmpty();
  }

  @Test
  void anAttemptThatWaitsDoesNotHideTheOneThatRuns() {
    Procedure running = board.begin(ProcedureKind.BOOTSTRAP);
    Procedure waiting = board.begin(ProcedureKind.ONBOARD);
    running.at(SetupStep.KEYS);
    waiting.end("domain contains an invalid DNS label");

    assertThat(view().kind()).isEqualTo(ProcedureKind.BOOTSTRAP);
    assertThat(view().outcome()).isEqualTo(Outcome.RUNNING);
  }

  @Test
  void showsAnAttemptThatFailedBeforeItsFirstStep() {
    board.begin(ProcedureKind.ONBOARD).end("domain contains an invalid DNS label");

    assertThat(view().error()).isEqualTo("domain contains an invalid DNS label");
  }

  @Test
  void showsTheLastOfTwoAttempts() {
    Procedure first = board.begin(ProcedureKind.BOOTSTRAP);
    first.at(SetupStep.CHECKING);
    first.end("no");
    Procedure second = board.begin(ProcedureKind.BOOTSTRAP);
    second.at(SetupStep.CHECKING);
    second.at(SetupStep.STORE);
    second.end("");

    assertThat(view().outcome()).isEqualTo(Outcome.DONE);
    assertThat(view().error()).isEmpty();
    assertThat(view().steps()).allMatch(step -> step.state() == StepState.DONE);
  }

  @Test
  void cutsTextsWithoutEnd() {
    Procedure attempt = board.begin(ProcedureKind.ONBOARD);
    attempt.at(SetupStep.SOURCE);
    attempt.says("x".repeat(1 << 20));
    assertThat(view().says()).hasSize(Procedure.LONGEST + 1);
    attempt.end("x".repeat(1 << 20));
    assertThat(view().error()).hasSize(Procedure.LONGEST + 1);
  }

  @Test
  void neverShowsANegativeTimeWhenTheClockIsSetBack() {
    Procedure attempt = board.begin(ProcedureKind.BOOTSTRAP);
    attempt.at(SetupStep.CHECKING);
    pass(Duration.ofHours(-1));

    assertThat(view().steps().getFirst().took()).isZero();
  }

  @Test
  void keepsOneEntryForEachStepHoweverManyThreadsTellIt() {
    Procedure attempt = board.begin(ProcedureKind.ONBOARD);
    attempt.at(SetupStep.CHECKING);
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            _ -> {
              for (SetupStep step : SetupStep.values()) {
                attempt.at(step);
                view();
              }
            });
    List<SetupStep> shown = view().steps().stream().map(ProgressView.Step::id).toList();
    assertThat(shown).doesNotHaveDuplicates();
  }

  private ProgressView view() {
    return board.look().orElseThrow();
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  private static ProgressView.Step step(SetupStep id, StepState state, long millis) {
    return new ProgressView.Step(id, state, Duration.ofMillis(millis));
  }
}
