package dstack.kms.onboard.progress;

/** Is told by a procedure where it is. Must not fail and must not block. */
public interface Progress {
  /** The procedure begins this step; the one before it is done. */
  void at(SetupStep step);

  /** Something worth knowing about the present step, for example that it is tried again. */
  void says(String text);

  /** For callers whom nobody watches. */
  static Progress unwatched() {
    return new Unwatched();
  }
}
