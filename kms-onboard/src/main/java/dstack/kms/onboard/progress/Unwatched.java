package dstack.kms.onboard.progress;

/** Tells nobody. */
record Unwatched() implements Progress {
  @Override
  public void at(SetupStep step) {}

  @Override
  public void says(String text) {}
}
