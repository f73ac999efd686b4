package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lets through so many notes in each second of the clock, and of one device so many in each minute,
 * and counts those that it does not.
 *
 * <p>What one device may have is a small part of the whole, so that whoever holds one machine can
 * neither keep the refusals of others out of the log nor fill a disk in a day.
 */
final class NoteGate {
  private static final int MINUTE = 60;
  static final int OF_ONE_DEVICE = 60;

  private final InstantSource clock;
  private final int perSecond;
  private long second;
  private int admitted;
  private long taken;

  /** Of this minute; no more entries than notes were let through. */
  private final Map<Bytes, Integer> ofDevice = new HashMap<>();

  private long minute;

  /** Not recorded yet, and in all. */
  private long pending;

  private long total;

  NoteGate(InstantSource clock, int perSecond) {
    this.clock = clock;
    this.perSecond = perSecond;
  }

  /**
   * Whether one more is let through.
   *
   * @param device that it is about, if its hardware proved one
   */
  synchronized boolean admits(Optional<Bytes> device) {
    turn(clock.instant().getEpochSecond());
    int before = device.map(each -> ofDevice.getOrDefault(each, 0)).orElse(0);
    if (admitted >= perSecond || before >= OF_ONE_DEVICE) {
      leaveOut(1);
      return false;
    }
    admitted++;
    device.ifPresent(each -> ofDevice.put(each, before + 1));
    return true;
  }

  private void turn(long now) {
    if (now != second) {
      second = now;
      admitted = 0;
    }
    if (now / MINUTE != minute) {
      minute = now / MINUTE;
      ofDevice.clear();
    }
  }

  synchronized void leaveOut(int notes) {
    pending += notes;
    total += notes;
  }

  /**
   * How many were left out since this was last answered, which it is once in a minute: the lines
   * that say so must not fill the disk instead.
   */
  synchronized long take() {
    long now = clock.instant().getEpochSecond();
    return now / MINUTE == taken / MINUTE ? 0 : takeAll();
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
