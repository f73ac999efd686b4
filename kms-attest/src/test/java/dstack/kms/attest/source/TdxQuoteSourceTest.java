package dstack.kms.attest.source;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.GuestFiles;
import dstack.kms.attest.device.Refused;
import dstack.kms.attest.evidence.ContainerVersion;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quote and the logs that belong to it: 13 §7. */
class TdxQuoteSourceTest {
  private static final ReportData DATA = new ReportData(Bytes.fromHex("5a".repeat(64)));
  private static final Bytes QUOTE = Bytes.fromHex("0102");

  @TempDir Path dir;
  private final AtomicInteger quotes = new AtomicInteger();

  @BeforeEach
  void placeTheLog() throws IOException {
    Files.write(dir.resolve("ccel"), Vectors.bytes("tdx/ccel_dstack.bin"));
  }

  private TdxQuoteSource source(Runnable duringQuote) {
    return new TdxQuoteSource(
        reportData -> {
          quotes.incrementAndGet();
          duringQuote.run();
          return QUOTE;
        },
        new GuestFiles(dir.resolve("ccel"), dir.resolve("events"), dir));
  }

  private void log(String line) {
    try {
      Files.writeString(
          dir.resolve("events"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void makesTheQuoteAnewWhenTheGuestLoggedAnEventMeanwhile() {
    String line = "{\"event\":\"app-id\",\"payload\":\"3q2+7w==\"}";
    TdxQuoteSource source =
        source(
            () -> {
              if (quotes.get() == 1) {
                log(line);
              }
            });

    UnverifiedAttestation made = UnverifiedAttestation.decode(source.attest(DATA));

    assertThat(quotes).hasValue(2);
    assertThat(made.runtimeEvents().payloadOf("app-id").hex()).isEqualTo("deadbeef");
  }

  @Test
  void givesUpOnAGuestThatNeverStopsLogging() {
    TdxQuoteSource source = source(() -> log("{\"event\":\"e\",\"payload\":\"\"}"));

    Refused.as(DeviceRefusal.BUSY, () -> source.attest(DATA)).hasMessage("device busy");
    assertThat(quotes).hasValue(3);
  }

  @Test
  void usesTheContainerThatTheEventsNeed() {
    assertThat(container()).isEqualTo(ContainerVersion.V0);
    log("{\"event\":\"app-id\",\"payload\":\"\",\"version\":2}");
    assertThat(container()).isEqualTo(ContainerVersion.V1);
  }

  private ContainerVersion container() {
    return UnverifiedAttestation.decode(source(() -> {}).attest(DATA)).container();
  }
}
