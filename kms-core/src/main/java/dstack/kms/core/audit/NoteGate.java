package dstack.kms.core.audit;

import java.time.InstantSource;

/** Lets through so many notes in each second of the clock, and counts those that it does not. */
final class NoteGate {
  private final InstantSource clock;
  private final int perSecond;
  private long second;
  private int admitted;
  private long taken;

  /** Not recorded yet, and in all. */
  private long pending;

  private long total;

  NoteGate(InstantSource clock, int perSecond) {
    this.clock = clock;
    this.perSecond = perSecond;
  }

  synchronized boolean admits() {
    long now = clock.instant().getEpochSecond();
    if (now != second) {
      second = now;
      admitted = 0;
    }
    if (admitted >= perSecond) {
      leaveOut(1);
      return false;
    }
    admitted++;
    return true;
  }

  synchronized void leaveOut(int notes) {
    pending += notes;
    total += notes;
  }

  /** How many were left out since this was last answered, which it is once in a second. */
  synchronized long take() {
    long now = clock.instant().getEpochSecond();
    return now == taken ? 0 : takeAll();
  }

  /** How many were left out since this was last answered. */
  synchronized long takeAll() {
    taken = clock.instant().getEpochSecond();
    long notes = pending;
    pending = 0;
    return notes;
  }

  synchronized long total() {
    return total;
  }
}
