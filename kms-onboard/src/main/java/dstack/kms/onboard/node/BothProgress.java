package dstack.kms.onboard.node;

import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.SetupStep;

/**
 * Tells two who watch the same procedure.
 *
 * @param first is told first
 * @param second is told then
 */
record BothProgress(Progress first, Progress second) implements Progress {
  @Override
  public void at(SetupStep step) {
    first.at(step);
    second.at(step);
  }

  @Override
  public void says(String text) {
    first.says(text);
    second.says(text);
  }
}
