package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.governance.AppTasks;
import dstack.kms.chain.governance.PolicyHash;
import dstack.kms.chain.governance.Task;

/** One way in which one of an app's allow-lists changes. */
public enum AppChange {
  /** Another compose hash. */
  ADD_HASH(
      "add-hash",
      "Lets an app run with a compose hash.",
      "The compose hash; gov compose-hash computes it."),
  /** One compose hash less. */
  REMOVE_HASH("remove-hash", "Lets an app run with a compose hash no longer.", "The compose hash."),
  /** Another device. */
  ADD_DEVICE("add-device", "Lets an app run on a device.", "The device id."),
  /** One device less. */
  REMOVE_DEVICE("remove-device", "Lets an app run on a device no longer.", "The device id.");

  private final String word;
  private final String purpose;
  private final String entry;

  AppChange(String word, String purpose, String entry) {
    this.word = word;
    this.purpose = purpose;
    this.entry = entry;
  }

  /** The name of its command. */
  String word() {
    return word;
  }

  /** What the command does. */
  String purpose() {
    return purpose;
  }

  /** What stands in the list. */
  String entry() {
    return entry;
  }

  /** The change of one entry; what is added must be one that a list may hold. */
  Task task(AppTasks tasks, Word hash) {
    return switch (this) {
      case ADD_HASH -> tasks.addHash(new PolicyHash(hash));
      case REMOVE_HASH -> tasks.removeHash(hash);
      case ADD_DEVICE -> tasks.addDevice(new PolicyHash(hash));
      case REMOVE_DEVICE -> tasks.removeDevice(hash);
    };
  }
}
