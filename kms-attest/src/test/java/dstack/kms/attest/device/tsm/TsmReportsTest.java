package dstack.kms.attest.device.tsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeLibC;
import dstack.kms.attest.device.Refused;
import dstack.kms.attest.device.TestKernel;
import dstack.kms.attest.device.TestQuotes;
import dstack.kms.attest.device.TestTiming;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.testkit.FakeConfigfs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** configfs-tsm, well-behaved and otherwise: specification 13 §3 and §8. */
class TsmReportsTest {
  private static final ReportData DATA = new ReportData(Bytes.fromHex("5a".repeat(64)));
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(10);

  @TempDir Path dir;
  private final TestTiming timing = new TestTiming();
  private final TestKernel kernel = new TestKernel();

  @AfterEach
  void leavesNothingOpen() {
    assertThat(kernel.open()).isZero();
  }

  private FakeConfigfs configfs() {
    FakeConfigfs fake = new FakeConfigfs(dir.resolve("report"), TestQuotes::over);
    kernel.with(fake);
    return fake;
  }

  private FakeConfigfs configfs(byte... answer) {
    FakeConfigfs fake = new FakeConfigfs(dir.resolve("report"), request -> answer);
    kernel.with(fake);
    return fake;
  }

  private TsmReports reports(FakeConfigfs fake, Optional<Path> shared) {
    return new TsmReports(
        kernel,
        timing,
        new SecureRandom(),
        new TsmSettings(fake.root(), shared, Duration.ofSeconds(5), BUSY_PAUSE));
  }

  private TsmReport ask(FakeConfigfs fake) {
    return reports(fake, Optional.empty()).report(TsmProvider.TDX, DATA);
  }

  @Test
  void getsWhatTheKernelAnswersAndRemovesItsEntry() {
    FakeConfigfs fake = configfs();

    TsmReport report = ask(fake);

    assertThat(report.outblob().toArray()).isEqualTo(TestQuotes.over(DATA.value().toArray()));
    assertThat(report.certificates()).isEqualTo(Bytes.EMPTY);
    assertThat(fake.entries()).isEmpty();
    assertThat(timing.pauses()).isEmpty();
  }

  @Test
  void writesOnceAndReadsTheAnswerOnce() {
    ask(configfs());

    assertThat(kernel.calls()).filteredOn(call -> call.equals("write")).hasSize(1);
    assertThat(kernel.calls()).filteredOn(call -> call.equals("read outblob")).hasSize(1);
    assertThat(kernel.calls()).doesNotContain("flock");
  }

  @Test
  void makesAnotherEntryForEachReport() {
    FakeConfigfs fake = configfs();
    TsmReports reports = reports(fake, Optional.empty());

    assertThat(reports.report(TsmProvider.TDX, DATA))
        .isEqualTo(reports.report(TsmProvider.TDX, DATA));
    assertThat(kernel.calls()).filteredOn(call -> call.equals("mkdir")).hasSize(2);
    assertThat(kernel.calls()).filteredOn(call -> call.equals("rmdir")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "tdx_guest, TDX",
    "' tdx_guest\n', TDX",
    "tdx_guest_v2, TDX",
    "'sev_guest\n', SEV_SNP",
    "sev-guest, SEV_SNP",
  })
  void takesTheProviderItWants(String content, TsmProvider provider) {
    FakeConfigfs fake = configfs();
    fake.provider = content;

    assertThat(reports(fake, Optional.empty()).report(provider, DATA).outblob().isEmpty())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "sev_guest, TDX",
    "'', TDX",
    "tdx-guest, TDX",
    "TDX_GUEST, TDX",
    "tdx_guest, SEV_SNP",
    "sev_guest2, SEV_SNP",
    "'', SEV_SNP",
  })
  void refusesAnotherProvider(String content, TsmProvider provider) {
    FakeConfigfs fake = configfs();
    fake.provider = content;

    Refused.as(
            DeviceRefusal.NOT_SUPPORTED,
            () -> reports(fake, Optional.empty()).report(provider, DATA))
        .hasMessageStartingWith("not supported: failed to prepare configfs: ");
    assertThat(fake.entries()).isEmpty();
    assertThat(kernel.calls()).doesNotContain("write");
  }

  @Test
  void takesCertificatesFromTheAuxiliaryBlobOfSevSnpOnly() {
    FakeConfigfs fake = configfs();
    fake.provider = "sev_guest";
    fake.auxblob = new byte[] {1, 2, 3};

    assertThat(reports(fake, Optional.empty()).report(TsmProvider.SEV_SNP, DATA).certificates())
        .isEqualTo(Bytes.fromHex("010203"));
    fake.provider = "tdx_guest";
    assertThat(ask(fake).certificates()).isEqualTo(Bytes.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 1000})
  void refusesAGenerationThatMovesByAnythingButOne(long advance) {
    FakeConfigfs fake = configfs();
    fake.advance = advance;

    Refused.as(DeviceRefusal.BUSY, () -> ask(fake)).hasMessage("device busy");
    assertThat(timing.pauses()).containsExactly(BUSY_PAUSE, BUSY_PAUSE);
    assertThat(kernel.calls()).filteredOn(call -> call.equals("write")).hasSize(3);
    assertThat(fake.entries()).isEmpty();
  }

  @Test
  void refusesAGenerationThatNeverMoves() {
    FakeConfigfs fake = configfs();
    fake.advance = 0;

    Refused.as(DeviceRefusal.QUOTE_FAILURE, () -> ask(fake))
        .hasMessage("quote failure: timed out waiting for configfs generation to advance");
    assertThat(timing.nanoTime()).isBetween(5_000_000_000L, 5_100_000_000L);
  }

  @Test
  void waitsForAGenerationThatMovesLate() {
    FakeConfigfs fake = configfs();
    fake.advance = 0;
    timing.duringPause =
        () -> {
          if (timing.pauses().size() == 3) {
            fake.advance(fake.entries().getFirst(), 1);
          }
        };

    assertThat(ask(fake).outblob().isEmpty()).isFalse();
    assertThat(timing.pauses()).hasSize(3).containsOnly(Duration.ofMillis(10));
  }

  @Test
  void triesAgainWhenSomebodyElseWroteBeforeTheAnswerWasRead() {
    FakeConfigfs fake = configfs();
    fake.advance = 2;
    timing.duringPause = () -> fake.advance = 1;

    assertThat(ask(fake).outblob().isEmpty()).isFalse();
    assertThat(timing.pauses()).containsExactly(BUSY_PAUSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1.0", "99999999999999999999", "0x1"})
  void refusesAGenerationThatIsNoNumber(String generation) throws IOException {
    FakeConfigfs fake = configfs();
    Path entry = fake.entry("com.intel.dcap");
    Files.writeString(entry.resolve("generation"), generation);

    Refused.as(
            DeviceRefusal.UNEXPECTED,
            () -> reports(fake, Optional.of(entry)).report(TsmProvider.TDX, DATA))
        .hasMessageEndingWith("generation: not a number");
  }

  @Test
  void refusesAnEmptyAnswer() {
    Refused.as(DeviceRefusal.QUOTE_FAILURE, () -> ask(configfs(new byte[0])))
        .hasMessage("quote failure: empty outblob");
  }

  @Test
  void takesTheLargestAnswerAndRefusesALargerOne() {
    assertThat(ask(configfs(new byte[TsmReports.LARGEST])).outblob().length()).isEqualTo(65_536);
    Refused.as(DeviceRefusal.QUOTE_FAILURE, () -> ask(configfs(new byte[TsmReports.LARGEST + 1])))
        .hasMessage("quote failure: invalid quote size: 65537");
  }

  @Test
  void asksABusyInputThreeTimes() {
    kernel.failing("write", Errno.EBUSY).failing("write", Errno.EBUSY);
    assertThat(ask(configfs()).outblob().isEmpty()).isFalse();
    assertThat(timing.pauses()).containsExactly(BUSY_PAUSE, BUSY_PAUSE);

    kernel.failing("write", 16).failing("write", 16).failing("write", 16);
    Refused.as(DeviceRefusal.BUSY, () -> ask(configfs())).hasMessage("device busy");
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EINVAL, Errno.ENXIO, Errno.EIO, Errno.EACCES, 999})
  void refusesAnotherErrorOfTheInputAtOnce(int errno) {
    kernel.failing("write", errno);

    Refused.as(DeviceRefusal.UNEXPECTED, () -> ask(configfs()))
        .hasMessageStartingWith("unexpected error: write ")
        .hasMessageContaining("(os error " + errno + ")");
    assertThat(timing.pauses()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 63})
  void refusesAWriteThatTookLess(long taken) {
    kernel.writtenBytes = taken;

    Refused.as(DeviceRefusal.UNEXPECTED, () -> ask(configfs()))
        .hasMessageEndingWith("only " + taken + " bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "16, device busy",
    "11, device busy",
    "4, quote failure: read ",
    "110, quote failure: read "
  })
  void readsAnAnswerAgainThatIsNotThereYet(int errno, String text) {
    kernel.failing("read outblob", errno);
    assertThat(ask(configfs()).outblob().isEmpty()).isFalse();
    assertThat(timing.pauses()).containsExactly(BUSY_PAUSE);

    kernel.failing("read outblob", errno).failing("read outblob", errno);
    kernel.failing("read outblob", errno);
    assertThatThrownBy(() -> ask(configfs())).hasMessageStartingWith(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EINVAL, Errno.EIO, Errno.ENXIO})
  void refusesAnotherErrorOfTheAnswerAtOnce(int errno) {
    kernel.failing("read outblob", errno);

    Refused.as(DeviceRefusal.QUOTE_FAILURE, () -> ask(configfs()))
        .hasMessageStartingWith("quote failure: read ");
    assertThat(timing.pauses()).isEmpty();
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    FakeConfigfs fake = configfs();
    TsmReports nowhere =
        new TsmReports(
            kernel,
            timing,
            new SecureRandom(),
            new TsmSettings(
                fake.root().resolve("x"), Optional.empty(), Duration.ofSeconds(5), BUSY_PAUSE));

    assertThat(nowhere.available()).isFalse();
    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> nowhere.report(TsmProvider.TDX, DATA))
        .hasMessage("not supported: configfs base not found: " + fake.root().resolve("x"));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.EACCES, Errno.ENXIO, Errno.EBUSY})
  void refusesWhenNoEntryCanBeMade(int errno) {
    kernel.failing("mkdir", errno);

    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> ask(configfs()))
        .hasMessageStartingWith("not supported: failed to prepare configfs: ");
  }

  @Test
  void looksForTheProviderFiveTimes() {
    FakeConfigfs fake = configfs();
    TestKernel lazy = new TestKernel();
    TsmReports reports =
        new TsmReports(
            lazy,
            timing,
            new SecureRandom(),
            new TsmSettings(fake.root(), Optional.empty(), Duration.ofSeconds(5), BUSY_PAUSE));

    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> reports.report(TsmProvider.TDX, DATA))
        .hasMessageContaining("no provider in ");
    assertThat(timing.pauses()).hasSize(4);
  }

  @Test
  void refusesAProviderThatCannotBeRead() {
    kernel.failing("open provider", Errno.EACCES);

    Refused.as(DeviceRefusal.UNEXPECTED, () -> ask(configfs()))
        .hasMessageContaining("/provider: Permission denied (os error 13)");
  }

  @Test
  void locksASharedEntryAndKeepsIt() {
    FakeConfigfs fake = configfs();
    Path entry = fake.entry("com.intel.dcap");

    TsmReport report = reports(fake, Optional.of(entry)).report(TsmProvider.TDX, DATA);

    assertThat(report.outblob().isEmpty()).isFalse();
    assertThat(kernel.calls()).contains("flock").doesNotContain("mkdir", "rmdir");
    assertThat(fake.entries()).containsExactly(entry);
  }

  @Test
  void waitsForTheProgramThatHasTheSharedEntry() {
    FakeConfigfs fake = configfs();
    Path entry = fake.entry("com.intel.dcap");
    kernel.failing("flock", Errno.EAGAIN).failing("flock", Errno.EINTR);

    assertThat(reports(fake, Optional.of(entry)).report(TsmProvider.TDX, DATA).outblob().isEmpty())
        .isFalse();
    assertThat(timing.pauses()).hasSize(2);
  }

  @Test
  void givesUpOnASharedEntryThatIsNeverLeft() {
    FakeConfigfs fake = configfs();
    Path entry = fake.entry("com.intel.dcap");
    LibC libc = NativeLibC.load();
    String inblob = entry.resolve("inblob").toString();
    try (Descriptor other = Descriptor.opened(libc, libc.open(inblob, LibC.O_WRONLY))) {
      assertThat(other.tryLock().failed()).isFalse();
      Refused.as(
              DeviceRefusal.BUSY,
              () -> reports(fake, Optional.of(entry)).report(TsmProvider.TDX, DATA))
          .hasMessage("device busy");
    }
    assertThat(timing.nanoTime()).isGreaterThanOrEqualTo(5_000_000_000L);
    assertThat(kernel.calls()).doesNotContain("write");
  }

  @Test
  void refusesALockThatFails() {
    FakeConfigfs fake = configfs();
    Path entry = fake.entry("com.intel.dcap");
    kernel.failing("flock", Errno.EINVAL);

    Refused.as(
        DeviceRefusal.UNEXPECTED,
        () -> reports(fake, Optional.of(entry)).report(TsmProvider.TDX, DATA));
  }

  @Test
  void refusesASharedEntryThatCannotBeOne() throws IOException {
    FakeConfigfs fake = configfs();
    Path other = fake.entry("other");
    Files.writeString(other.resolve("provider"), "sev_guest");
    Path tooLong = dir.resolve("x".repeat(240));
    Files.createDirectories(tooLong);

    for (Path path : new Path[] {other, dir.resolve("nowhere"), tooLong}) {
      Refused.as(
              DeviceRefusal.NOT_SUPPORTED,
              () -> reports(fake, Optional.of(path)).report(TsmProvider.TDX, DATA))
          .hasMessage("not supported: invalid configfs path from env: " + path);
    }
  }

  @Test
  void doesNotMistakeALockOfTheOtherKindForItsOwn() throws IOException {
    FakeConfigfs fake = configfs();
    Path entry = fake.entry("com.intel.dcap");
    try (FileChannel channel = FileChannel.open(entry.resolve("inblob"), StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThat(
              reports(fake, Optional.of(entry)).report(TsmProvider.TDX, DATA).outblob().isEmpty())
          .isFalse();
    }
  }
}
