package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.chain.governance.PolicyHash;
import dstack.kms.chain.governance.Task;

/** What the KMS contract has an allow-list of. */
public enum PolicyList {
  /** OS images. */
  IMAGE("image", "Allows an OS image, or no longer.", "The OS image hash, 32 bytes."),
  /** Aggregated measurements of key servers. */
  MR(
      "mr",
      "Allows key servers with an aggregated measurement, or no longer.",
      "The aggregated measurement, 32 bytes."),
  /** Devices of key servers. */
  DEVICE("device", "Allows key servers on a device, or no longer.", "The device id, 32 bytes.");

  private final String word;
  private final String purpose;
  private final String entry;

  PolicyList(String word, String purpose, String entry) {
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
  Task change(KmsTasks tasks, AddOrRemove direction, Word hash) {
    return switch (direction) {
      case ADD -> add(tasks, new PolicyHash(hash));
      case REMOVE -> remove(tasks, hash);
    };
  }

  private Task add(KmsTasks tasks, PolicyHash hash) {
    return switch (this) {
      case IMAGE -> tasks.addImage(hash);
      case MR -> tasks.addMr(hash);
      case DEVICE -> tasks.addDevice(hash);
    };
  }

  private Task remove(KmsTasks tasks, Word hash) {
    return switch (this) {
      case IMAGE -> tasks.removeImage(hash);
      case MR -> tasks.removeMr(hash);
      case DEVICE -> tasks.removeDevice(hash);
    };
  }
}
