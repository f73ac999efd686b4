package dstack.kms.cli.outcome;

import dstack.kms.core.refusal.RefusalKind;

/** The exit statuses of the program (specification 00 §6). */
public enum ExitStatus {
  /** Done or accepted. */
  DONE(0),
  /** Refused or failed. */
  REFUSED(1),
  /** Wrong usage: the command line itself, or a file it names that cannot be read. */
  USAGE(2),
  /** A service that the command needs was unreachable, so nothing was decided. */
  UNREACHABLE(3);

  private final int number;

  ExitStatus(int number) {
    this.number = number;
  }

  /** The number that the process ends with. */
  public int number() {
    return number;
  }

  static ExitStatus of(RefusalKind kind) {
    return switch (kind) {
      case REFUSED, INVALID -> REFUSED;
      case UNAVAILABLE -> UNREACHABLE;
    };
  }
}
