package dstack.kms.cli.gov.task;

import dstack.kms.chain.governance.AppTasks;
import dstack.kms.chain.governance.Task;

/** What is either on or off of an app. */
public enum AppSwitch {
  /** Whether every device will do. */
  ANY_DEVICE("any-device", "Says whether an app runs on every device."),
  /** Whether the platform must be up to date. */
  REQUIRE_TCB("require-tcb", "Says whether an app needs a platform whose TCB is up to date.");

  private final String word;
  private final String purpose;

  AppSwitch(String word, String purpose) {
    this.word = word;
    this.purpose = purpose;
  }

  /** The name of its command. */
  String word() {
    return word;
  }

  /** What the command does. */
  String purpose() {
    return purpose;
  }

  Task task(AppTasks tasks, boolean on) {
    return switch (this) {
      case ANY_DEVICE -> tasks.setAnyDevice(on);
      case REQUIRE_TCB -> tasks.setRequireTcb(on);
    };
  }
}
