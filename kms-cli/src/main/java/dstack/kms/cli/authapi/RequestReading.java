package dstack.kms.cli.authapi;

/** What became of a body. */
sealed interface RequestReading {
  /**
   * It is a request.
   *
   * @param request what it says
   * @param exact whether it says so in full width, see {@link FullWidth}
   */
  record Valid(BootRequest request, boolean exact) implements RequestReading {}

  /** It is JSON, or a text, and no request: status 400. */
  record Invalid() implements RequestReading {}

  /** It could not be read at all: status 500, as the original has it. */
  record Unreadable() implements RequestReading {}
}
