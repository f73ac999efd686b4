package dstack.kms.core.audit;

import java.time.Duration;

/**
 * How long and how much a log lets wait.
 *
 * @param patience how long a release waits for its line
 * @param diskPatience how long a directory may take before it is left out
 * @param queue how many events may wait
 * @param notesPerSecond how many notes are recorded in one second
 * @param checkpointEvery after how many lines a checkpoint is written
 * @param retryEvery how long to wait before lines that nothing took are tried again
 * @param lookEvery how long to wait before looking again how much room there is
 */
record AuditSettings(
    Duration patience,
    Duration diskPatience,
    int queue,
    int notesPerSecond,
    int checkpointEvery,
    Duration retryEvery,
    Duration lookEvery) {
  static final AuditSettings DEFAULT =
      new AuditSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          4096,
          200,
          1000,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));
}
