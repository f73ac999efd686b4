package dstack.kms.attest.device.tsm;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.Timing;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Asks configfs-tsm for reports: one write of the report data, one read of the answer, and the
 * entry's generation must have advanced by exactly one in between, so that nobody else's request
 * was answered. A busy entry is asked three times.
 */
public final class TsmReports {
  /** The largest answer that is taken; the kernel's own bound is 32 KiB. */
  public static final int LARGEST = 64 << 10;

  private static final int TRIES = 3;
  private static final Duration POLL_PAUSE = Duration.ofMillis(10);
  private static final List<String> CERTIFICATES = List.of("certs", "cert_chain", "auxblob");

  private final LibC libc;
  private final Timing timing;
  private final RandomGenerator random;
  private final TsmSettings settings;

  /** Reports of the machine behind these calls. */
  public TsmReports(LibC libc, Timing timing, RandomGenerator random, TsmSettings settings) {
    this.libc = libc;
    this.timing = timing;
    this.random = random;
    this.settings = settings;
  }

  /** Whether an entry is named or can be made here. */
  public boolean available() {
    return settings.shared().isPresent() || Files.isDirectory(settings.root());
  }

  /** The provider's report over the report data; between 1 and {@link #LARGEST} bytes. */
  public TsmReport report(TsmProvider provider, ReportData reportData) {
    try (TsmEntry entry = entry(provider)) {
      Answer answer = ask(entry, provider, reportData);
      for (int tried = 1; answer instanceof Answer.TryAgain && tried < TRIES; tried++) {
        timing.pause(settings.busyPause());
        answer = ask(entry, provider, reportData);
      }
      return switch (answer) {
        case Answer.Given(TsmReport report) -> report;
        case Answer.TryAgain(RefusalException refusal) -> throw refusal;
      };
    }
  }

  private TsmEntry entry(TsmProvider provider) {
    return settings
        .shared()
        .map(path -> TsmEntry.share(libc, timing, path, provider, settings.answerTimeout()))
        .orElseGet(() -> TsmEntry.make(libc, timing, settings.root(), provider, random));
  }

  /** What one try came to. */
  private sealed interface Answer {
    record Given(TsmReport report) implements Answer {}

    record TryAgain(RefusalException refusal) implements Answer {}
  }

  private Answer ask(TsmEntry entry, TsmProvider provider, ReportData reportData) {
    TsmAttribute generation = entry.attribute("generation");
    long before = generation.number();
    if (!write(entry.attribute("inblob"), reportData)) {
      return busy();
    }
    if (awaitOtherThan(before, generation) != before + 1) {
      return busy();
    }
    TsmAttribute outblob = entry.attribute("outblob");
    TsmAttribute.Content content = outblob.readOnce(LARGEST + 1);
    if (content.failed()) {
      return unreadable(outblob, content.call());
    }
    Bytes certificates = provider.sendsCertificates() ? certificates(entry) : Bytes.EMPTY;
    if (generation.number() != before + 1) {
      return busy();
    }
    return new Answer.Given(new TsmReport(bounded(content.bytes()), certificates));
  }

  /** Whether the kernel took the request; false if it was busy with another. */
  private static boolean write(TsmAttribute inblob, ReportData reportData) {
    CallResult written = inblob.writeOnce(reportData.value());
    if (written.failed() && written.errno() == Errno.EBUSY) {
      return false;
    }
    if (written.failed() || written.value() != ReportData.LENGTH) {
      String why = written.failed() ? written.error() : "only " + written.value() + " bytes";
      throw DeviceRefusal.UNEXPECTED.because("write " + inblob.path() + ": " + why);
    }
    return true;
  }

  private long awaitOtherThan(long before, TsmAttribute generation) {
    long start = timing.nanoTime();
    long now = generation.number();
    while (now == before) {
      if (timing.nanoTime() - start >= settings.answerTimeout().toNanos()) {
        throw DeviceRefusal.QUOTE_FAILURE.because(
            "timed out waiting for configfs generation to advance");
      }
      timing.pause(POLL_PAUSE);
      now = generation.number();
    }
    return now;
  }

  private static Answer unreadable(TsmAttribute outblob, CallResult call) {
    RefusalException refusal =
        DeviceRefusal.QUOTE_FAILURE.because("read " + outblob.path() + ": " + call.error());
    return switch (call.errno()) {
      case Errno.EBUSY, Errno.EAGAIN -> busy();
      case Errno.EINTR, Errno.ETIMEDOUT -> new Answer.TryAgain(refusal);
      default -> throw refusal;
    };
  }

  private static Bytes bounded(Bytes outblob) {
    if (outblob.isEmpty()) {
      throw DeviceRefusal.QUOTE_FAILURE.because("empty outblob");
    }
    if (outblob.length() > LARGEST) {
      throw DeviceRefusal.QUOTE_FAILURE.because("invalid quote size: " + outblob.length());
    }
    return outblob;
  }

  /** Optional by design: a verifier fetches certificates that are not sent. */
  private static Bytes certificates(TsmEntry entry) {
    return CERTIFICATES.stream()
        .map(name -> entry.attribute(name).readOnce(LARGEST).bytes())
        .filter(bytes -> !bytes.isEmpty())
        .findFirst()
        .orElse(Bytes.EMPTY);
  }

  private static Answer busy() {
    return new Answer.TryAgain(DeviceRefusal.BUSY.because(""));
  }
}
