package dstack.kms.onboard.progress;

import java.time.Duration;
import java.util.List;

/**
 * How far a procedure had come when somebody looked.
 *
 * @param kind which procedure
 * @param outcome whether it goes on
 * @param steps in the order in which they are taken
 * @param says the last remark, or empty
 * @param error why it ended without keys, or empty
 */
public record ProgressView(
    ProcedureKind kind, Outcome outcome, List<Step> steps, String says, String error) {
  public ProgressView {
    steps = List.copyOf(steps);
  }

  /** Whether a procedure goes on, and how it ended. */
  public enum Outcome {
    RUNNING,
    DONE,
    FAILED
  }

  /** Where a step is. */
  public enum StepState {
    WAITING,
    RUNNING,
    DONE,
    FAILED
  }

  /**
   * One step.
   *
   * @param id which
   * @param state where it is
   * @param took so far, or altogether
   */
  public record Step(SetupStep id, StepState state, Duration took) {}
}
