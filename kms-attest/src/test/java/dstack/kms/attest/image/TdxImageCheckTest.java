package dstack.kms.attest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.eventlog.RegisterReplay;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.image.acpi.AcpiTablesProgram;
import dstack.kms.attest.image.acpi.Tables;
import dstack.kms.attest.image.archive.ArchiveLimits;
import dstack.kms.attest.image.measure.AcpiDigests;
import dstack.kms.attest.image.store.ImageServer;
import dstack.kms.attest.image.store.ImageStore;
import dstack.kms.attest.image.store.ImageStoreSettings;
import dstack.kms.attest.quote.TdReport10;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The generated image of the vectors on guests made up from its expected registers. */
final class TdxImageCheckTest {
  private static final String FOLDER = "platforms/os-image/synthetic-1/";
  private static final JsonNode EXPECTED = Vectors.json(FOLDER + "expected.json");
  private static final String HASH = EXPECTED.get("os_image_hash").stringValue();
  private static final Bytes MRTD = Bytes.fromHex(EXPECTED.get("mrtd_two_pass").stringValue());
  private static final Bytes RTMR2 = Bytes.fromHex(EXPECTED.get("rtmr2").stringValue());

  @TempDir private Path cache;
  private ImageServer server;
  private ImageStore store;

  @BeforeEach
  void serve() throws IOException {
    server = new ImageServer(ImageServer.sending(200, Vectors.bytes(FOLDER + "ok_flat.tar.gz")));
    store =
        new ImageStore(
            new ImageStoreSettings(
                cache,
                server.template(),
                Optional.of(Duration.ofMinutes(1)),
                ArchiveLimits.standard(),
                Duration.ofSeconds(10)),
            InstantSource.system());
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private TdxImageCheck check(Rtmr0Rule rule) {
    return new TdxImageCheck(store, rule);
  }

  private static JsonNode row(long memory) {
    for (JsonNode row : EXPECTED.get("per_memory")) {
      if (row.get("memory_size").longValue() == memory) {
        return row;
      }
    }
    throw new AssertionError(memory);
  }

  private static TdReport10 report(Bytes mrtd, Bytes rtmr0, Bytes rtmr1, Bytes rtmr2) {
    Bytes other = Bytes.zeros(48);
    return new TdReport10(
        Bytes.zeros(16),
        other,
        other,
        Bytes.zeros(8),
        Bytes.zeros(8),
        Bytes.zeros(8),
        mrtd,
        other,
        other,
        other,
        List.of(rtmr0, rtmr1, rtmr2, other),
        Bytes.zeros(64));
  }

  private static TdReport10 guest(long memory) {
    JsonNode row = row(memory);
    return report(
        MRTD,
        Bytes.fromHex(row.get("rtmr0").stringValue()),
        Bytes.fromHex(row.get("rtmr1").stringValue()),
        RTMR2);
  }

  private static List<TdxEvent> log() {
    List<TdxEvent> log = new ArrayList<>();
    for (String name : List.of("loader", "rsdp", "tables")) {
      Bytes digest = Bytes.fromHex(EXPECTED.get("acpi").get(name).stringValue());
      log.add(TdxEvent.v1(0, 10, digest, "acpi-" + name, TdxEvent.ACPI_DATA));
    }
    return log;
  }

  private static VmConfig config(String hash, long memory, String more) {
    return VmConfig.parse(
        "{\"os_image_hash\":\"%s\",\"cpu_count\":2,\"memory_size\":%d,\"qemu_version\":\"8.2.2\"%s}"
            .formatted(hash, memory, more));
  }

  private static VmConfig config(long memory) {
    return config(HASH, memory, "");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        1073741824L,
        2147479552L,
        2147483648L,
        2684354560L,
        2952785920L,
        2952790016L,
        4294967296L,
        68719476736L
      })
  void takesTheGuestsOwnAcpiDigestsIfThatIsConfigured(long memory) {
    TdxImageCheck check = check(new Rtmr0Rule.MeasuredAcpi());

    assertThat(check.require(guest(memory), log(), config(memory)))
        .isEqualTo(AcpiTables.AS_MEASURED);
    assertThat(check.require(guest(memory), log(), config(memory)))
        .isEqualTo(AcpiTables.AS_MEASURED);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void refusesFullImagesByDefaultAndDownloadsNothing() {
    assertThatThrownBy(
            () -> check(new Rtmr0Rule.Refused()).require(guest(1L << 31), log(), config(1L << 31)))
        .hasMessageContaining("tdx_attestation_variant \"legacy\"")
        .hasMessageContaining("core.image.acpi_tables_program")
        .hasMessageContaining("core.image.rtmr0 = \"measured-acpi\"")
        .extracting(e -> ((RefusalException) e).code())
        .isEqualTo(ImageRefusal.RTMR0_NOT_RECOMPUTED);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  @DisplayName("T-43: each register is compared, the first difference is named")
  void comparesEachRegister() {
    TdxImageCheck check = check(new Rtmr0Rule.MeasuredAcpi());
    TdReport10 good = guest(1L << 31);
    Bytes bad = Bytes.zeros(48);
    Bytes rtmr0 = good.rtMrs().get(0);
    Bytes rtmr1 = good.rtMrs().get(1);

    refuses(
        check, report(bad, bad, bad, bad), "MRTD mismatch: expected=" + MRTD + ", actual=" + bad);
    refuses(
        check,
        report(MRTD, bad, bad, bad),
        "RTMR0 mismatch: expected=" + rtmr0 + ", actual=" + bad);
    refuses(
        check,
        report(MRTD, rtmr0, bad, bad),
        "RTMR1 mismatch: expected=" + rtmr1 + ", actual=" + bad);
    refuses(
        check,
        report(MRTD, rtmr0, rtmr1, bad),
        "RTMR2 mismatch: expected=" + RTMR2 + ", actual=" + bad);
  }

  private static void refuses(TdxImageCheck check, TdReport10 report, String text) {
    assertThatThrownBy(() -> check.require(report, log(), config(1L << 31)))
        .hasMessage("MRs do not match: " + text);
  }

  @Test
  void comparesTheOrderOfPages() {
    VmConfig newer = config(HASH, 1L << 31, ",\"qemu_single_pass_add_pages\":false");

    assertThatThrownBy(
            () -> check(new Rtmr0Rule.MeasuredAcpi()).require(guest(1L << 31), log(), newer))
        .hasMessageContaining("MRTD mismatch");
  }

  @ParameterizedTest
  @CsvSource({
    "'', os_image_hash must be 32 bytes",
    "ef28, os_image_hash must be 32 bytes",
    "0000000000000000000000000000000000000000000000000000000000000000,"
        + " os_image_hash does not match sha256(sha256sum.txt)"
  })
  void refusesAnotherImage(String hash, String text) {
    assertThatThrownBy(
            () ->
                check(new Rtmr0Rule.MeasuredAcpi())
                    .require(guest(1L << 31), log(), config(hash, 1L << 31, "")))
        .hasMessage(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"swtpm\":true', swtpm measurement is not supported",
    "'\"num_gpus\":17', num_gpus is larger than 16",
    "'\"num_nics\":17', num_nics is larger than 16"
  })
  void refusesAnImpossibleMachineBeforeItDownloads(String field, String text) {
    assertThatThrownBy(
            () ->
                check(new Rtmr0Rule.MeasuredAcpi())
                    .require(guest(1L << 31), log(), config(HASH, 1L << 31, "," + field)))
        .hasMessage(text);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void neverRemembersAnImageInsteadOfVerifyingIt() throws IOException {
    TdxImageCheck check = check(new Rtmr0Rule.MeasuredAcpi());
    assertThat(check.require(guest(1L << 31), log(), config(1L << 31))).isNotNull();
    Path kernel = cache.resolve("images").resolve(HASH).resolve("bzImage");
    byte[] changed = Files.readAllBytes(kernel);
    changed[5000] ^= 1;
    Files.write(kernel, changed);

    assertThatThrownBy(() -> check.require(guest(1L << 31), log(), config(1L << 31)))
        .hasMessage("Checksum verification failed: bzImage");
  }

  @Test
  void declaresItselfLiteOrNotAtAll() {
    VmConfig lite = config(HASH, 1L << 31, ",\"tdx_attestation_variant\":\"lite\"");

    assertThatThrownBy(
            () -> check(new Rtmr0Rule.MeasuredAcpi()).require(guest(1L << 31), log(), lite))
        .hasMessage("tdx lite attestation requires vm_config.tdx_measurement");
    assertThat(server.requests()).isEmpty();
  }

  private Rtmr0Rule program(String script) throws IOException {
    Path file = Files.writeString(cache.resolve("program"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return new Rtmr0Rule.Recomputed(new AcpiTablesProgram(file, Duration.ofMinutes(1)));
  }

  @Test
  void makesTheTablesAnewAndIgnoresWhatTheGuestSays() throws IOException {
    Path tables = Files.write(cache.resolve("tables"), Tables.all().toArray());
    Path runs = cache.resolve("runs");
    TdxImageCheck check = check(program("echo x >> " + runs + "; exec /bin/cat " + tables));
    TdReport10 real = guestWith(Tables.DIGESTS);

    assertThat(check.require(real, List.of(), config(1L << 31))).isEqualTo(AcpiTables.RECOMPUTED);
    assertThat(check.require(real, log(), config(1L << 31))).isEqualTo(AcpiTables.RECOMPUTED);
    assertThatThrownBy(() -> check.require(guest(1L << 31), log(), config(1L << 31)))
        .hasMessageContaining("RTMR0 mismatch");
    assertThat(Files.readAllLines(runs)).hasSize(1);
    assertThat(check.require(real, List.of(), config(HASH, 1L << 31, ",\"hugepages\":true")))
        .isEqualTo(AcpiTables.RECOMPUTED);
    assertThat(Files.readAllLines(runs)).hasSize(2);
  }

  /** Its owner may claim any image and any machine; each new one would cost a run. */
  @Test
  void runsNoProgramForAGuestOfAnotherImage() throws IOException {
    Path runs = cache.resolve("runs");
    TdxImageCheck check = check(program("echo x >> " + runs + "; exit 1"));
    TdReport10 good = guest(1L << 31);
    Bytes rtmr0 = good.rtMrs().get(0);
    Bytes rtmr1 = good.rtMrs().get(1);
    Bytes bad = Bytes.zeros(48);

    refuses(
        check, report(bad, bad, bad, bad), "MRTD mismatch: expected=" + MRTD + ", actual=" + bad);
    refuses(
        check,
        report(MRTD, rtmr0, bad, RTMR2),
        "RTMR1 mismatch: expected=" + rtmr1 + ", actual=" + bad);
    refuses(
        check,
        report(MRTD, rtmr0, rtmr1, bad),
        "RTMR2 mismatch: expected=" + RTMR2 + ", actual=" + bad);
    assertThat(runs).doesNotExist();
    assertThatThrownBy(() -> check.require(good, log(), config(1L << 31)))
        .hasMessage("the ACPI tables program ended with status 1");
    assertThat(runs).exists();
  }

  /** The register as a separate replay over the constants of a real log gives it. */
  private static TdReport10 guestWith(AcpiDigests acpi) {
    List<Bytes> digests = new ArrayList<>();
    JsonNode log =
        JsonMapper.shared()
            .readTree(
                Vectors.json("platforms/os-image/tdx-lite-getquote.json")
                    .get("event_log")
                    .stringValue());
    for (JsonNode event : log) {
      if (event.get("imr").intValue() == 0) {
        digests.add(Bytes.fromHex(event.get("digest").stringValue()));
      }
    }
    digests.set(0, Bytes.fromHex(row(1L << 31).get("td_hob_sha384").stringValue()));
    digests.set(8, acpi.loader());
    digests.set(9, acpi.rsdp());
    digests.set(10, acpi.tables());
    Bytes rtmr0 = RegisterReplay.sha384(digests);
    return report(MRTD, rtmr0, Bytes.fromHex(row(1L << 31).get("rtmr1").stringValue()), RTMR2);
  }

  @Test
  void refusesWhenTheProgramFails() throws IOException {
    TdxImageCheck check = check(program("exit 1"));

    assertThatThrownBy(() -> check.require(guest(1L << 31), log(), config(1L << 31)))
        .hasMessage("the ACPI tables program ended with status 1");
  }
}
