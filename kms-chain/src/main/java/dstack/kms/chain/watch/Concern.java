package dstack.kms.chain.watch;

import java.util.Locale;

/** What an event is about. */
public enum Concern {
  /** Who gets keys. */
  POLICY,
  /** Who may change that. */
  OWNERSHIP,
  /** Which code decides. */
  UPGRADE,
  /** Changes that were announced, made or given up. */
  TIMELOCK,
  /** Who the owners of a Safe are, and what they did. */
  SAFE,
  /** Nothing that is known here. */
  UNKNOWN;

  /** As metrics and alerts write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
