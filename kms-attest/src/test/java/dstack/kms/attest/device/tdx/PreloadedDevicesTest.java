package dstack.kms.attest.device.tdx;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.TestQuotes;
import dstack.kms.attest.evidence.ContainerVersion;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.testkit.FakeConfigfs;
import dstack.kms.testkit.NativeDoubles;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real system calls of a process of its own, with {@code native/doubles.c} in the kernel's
 * place: it compares every request value and every byte of every structure with the uapi's.
 */
class PreloadedDevicesTest {
  private static final Bytes DATA = Bytes.fromHex("5a".repeat(64));
  private static Path library;

  @TempDir Path dir;

  @BeforeAll
  static void build() {
    library = NativeDoubles.library();
  }

  @BeforeEach
  void placeDevices() throws IOException {
    for (String device : List.of("tdx_guest", "nsm", "sev-guest")) {
      Files.createFile(dir.resolve(device));
    }
  }

  @Test
  void getsATdReportAboutItsReportData() {
    Bytes report = Bytes.fromHex(run("tdreport"));

    assertThat(report.length()).isEqualTo(1024);
    assertThat(report.at(0)).isEqualTo(0x81);
    assertThat(report.slice(128, 192)).isEqualTo(DATA);
  }

  @ParameterizedTest
  @CsvSource({
    "0, device-report-failure|report failure: not a report of a trust domain",
    "128, device-wrong-report-data|quote failure: the report is about other report data",
    "191, device-wrong-report-data|quote failure: the report is about other report data",
  })
  void refusesATdReportAboutSomethingElse(int flip, String refusal) {
    place("tdx_guest.flip", String.valueOf(flip));

    assertThat(run("tdreport")).isEqualTo(refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "tdx_guest.errno, 16, tdreport, device-report-failure|report failure: ioctl: Device or resource"
        + " busy (os error 16)",
    "tdx_guest.errno, 25, tdreport, device-report-failure|report failure: ioctl: Inappropriate"
        + " ioctl for device (os error 25)",
    "tdx_guest.open.errno, 13, tdreport, device-failure|device failure: open DIR/tdx_guest:"
        + " Permission denied (os error 13)",
    "tdx_guest.errno, 5, extend-3, device-extend-failure|extend failure: ioctl: Input/output error"
        + " (os error 5)",
    "nsm.errno, 90, nsm-random, device-nsm-failure|nsm failure: request too large",
    "nsm.errno, 5, nsm-random, device-nsm-failure|nsm failure: ioctl: Input/output error (os error"
        + " 5)",
    "nsm.open.errno, 1, nsm-random, device-failure|device failure: open DIR/nsm: Operation not"
        + " permitted (os error 1)",
    "sev-guest.errno, 22, sev-snp, device-report-failure|report failure: ioctl: Invalid argument"
        + " (os error 22)",
    "sev-guest.open.errno, 19, sev-snp, device-failure|device failure: open DIR/sev-guest: No such"
        + " device (os error 19)",
    "sev.firmware.errno, 4294967296, sev-snp, 'device-report-failure|report failure: ioctl:"
        + " Input/output error (os error 5), firmware error 0x100000000'",
  })
  void saysWhichCallFailedAndHow(String control, String errno, String operation, String refusal) {
    place(control, errno);
    place(".sys-config.json", "{\"mr_config\":\"m\"}");

    assertThat(run(operation)).isEqualTo(refusal.replace("DIR", dir.toString()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void extendsTheRegistersThatProgramsMay(int register) {
    assertThat(run("extend-" + register)).isEqualTo("extended");
    assertThat(text("extended")).isEqualTo(register + " " + "c3".repeat(48) + "\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void refusesToExtendTheOthers(int register) {
    assertThat(run("extend-" + register))
        .isEqualTo("device-invalid-rtmr|invalid RTMR index: " + register);
  }

  @Test
  void getsRandomBytesFromTheSecurityModule() {
    placeBytes("nsm.response", Bytes.fromHex("a16947657452616e646f6da16672616e646f6d43010203"));

    assertThat(run("nsm-random")).isEqualTo("010203");
    assertThat(bytes("nsm.request").hex()).isEqualTo("69" + Bytes.utf8("GetRandom").hex());
  }

  @ParameterizedTest
  @ValueSource(strings = {"12289", "0", "-1"})
  void refusesALengthThatTheBufferHasNot(String length) {
    placeBytes("nsm.response", Bytes.fromHex("a0"));
    // zero means "as long as it is" to nothing here: the file names the length itself
    place("nsm.length", length);

    assertThat(run("nsm-random")).startsWith("device-nsm-failure|nsm failure: the answer has ");
  }

  @Test
  void makesEvidenceOfAnEnclave() {
    Bytes registers = Bytes.fromHex("01".repeat(48) + "02".repeat(48) + "03".repeat(48));
    placeBytes("nsm.response", enclaveAnswer(DATA, registers));

    UnverifiedAttestation made = attestation("nitro");

    assertThat(made.evidence()).isInstanceOf(NitroEnclaveEvidence.class);
    assertThat(made.container()).isEqualTo(ContainerVersion.V0);
    assertThat(made.config())
        .isEqualTo("{\"os_image_hash\":\"" + Digests.sha256(registers).hex() + "\"}");
    assertThat(made.runtimeEvents().payloadOf("app-id").hex()).isEqualTo("11".repeat(20));
  }

  @Test
  void refusesAnEnclavesDocumentAboutOtherUserData() {
    placeBytes("nsm.response", enclaveAnswer(Bytes.zeros(64), Bytes.zeros(144)));

    assertThat(run("nitro"))
        .isEqualTo("device-wrong-report-data|quote failure: the document is about other user data");
  }

  @Test
  void makesEvidenceOfASevSnpGuestByItsDevice() {
    place(".sys-config.json", "{\"mr_config\":\"document\",\"vm_config\":\"{}\"}");
    placeBytes("sev.response", sevResponse(0, 1184));
    Bytes table = certificateTable();
    placeBytes("sev.certs", table);

    UnverifiedAttestation made = attestation("sev-snp");

    assertThat(made.config()).isEqualTo("{}");
    assertThat(made.evidence())
        .isInstanceOfSatisfying(
            SevSnpEvidence.class,
            evidence -> {
              assertThat(evidence.report().length()).isEqualTo(1184);
              assertThat(evidence.report().slice(0x50, 0x90)).isEqualTo(DATA);
              assertThat(evidence.certChain()).containsExactly(table);
              assertThat(evidence.mrConfig()).isEqualTo("document");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "27, 1184, 0, report failure: firmware status 0x1b",
    "0, 1183, 0, 'report failure: sev-snp report has invalid length: expected 1184 bytes, got"
        + " 1183'",
    "0, 0, 0, 'report failure: sev-snp report has invalid length: expected 1184 bytes, got 0'",
    "0, 1184, 1, quote failure: sev-snp report_data mismatch",
  })
  void refusesASevSnpAnswerThatIsNone(int status, int length, int flip, String text) {
    place(".sys-config.json", "{\"mr_config\":\"document\"}");
    placeBytes("sev.response", sevResponse(status, length));
    place("sev.flip", String.valueOf(flip));

    assertThat(run("sev-snp")).endsWith("|" + text);
  }

  @Test
  void makesEvidenceOfATdxGuestByConfigfs() throws IOException {
    tdxFiles();
    place("configfs.provider", "tdx_guest\n");
    try (FakeConfigfs configfs =
        new FakeConfigfs(dir.resolve("configfs"), TestQuotes::over).watch()) {
      assertTdxEvidence(attestation("tdx"));
      assertThat(configfs.entries()).isEmpty();
    }
  }

  @Test
  void makesEvidenceOfATdxGuestByTheQuoteServiceOverVsock() throws IOException {
    tdxFiles();
    place("tdx-attest.conf", "port = 4050\n");
    Bytes quote = Bytes.of(TestQuotes.over(DATA.toArray()));
    try (FakeQgs service =
        FakeQgs.start(dir, 1000, request -> FakeQgs.answer(1, 0, Bytes.EMPTY, quote))) {
      assertTdxEvidence(attestation("tdx"));
      assertThat(service.request().slice(0, 8).hex()).isEqualTo("0000041801000000");
      assertThat(service.request().slice(28 + 128, 28 + 192)).isEqualTo(DATA);
    }
  }

  private void tdxFiles() throws IOException {
    Files.write(dir.resolve("ccel"), Vectors.bytes("tdx/ccel_dstack.bin"));
    place("events.log", "{\"event\":\"app-id\",\"payload\":\"3q2+7w==\"}\n");
    place(".sys-config.json", "{\"vm_config\":\"{\\\"cpu_count\\\":1}\"}");
  }

  private static void assertTdxEvidence(UnverifiedAttestation made) {
    assertThat(made.claimedReportData()).isEqualTo(DATA);
    assertThat(made.config()).isEqualTo("{\"cpu_count\":1}");
    assertThat(made.runtimeEvents().payloadOf("app-id").hex()).isEqualTo("deadbeef");
    assertThat(made.evidence())
        .isInstanceOfSatisfying(
            TdxEvidence.class,
            evidence -> {
              assertThat(evidence.quote().toArray()).isEqualTo(TestQuotes.over(DATA.toArray()));
              assertThat(evidence.eventLog()).hasSize(19);
            });
  }

  private UnverifiedAttestation attestation(String source) {
    String answer = run(source);
    assertThat(answer).matches("[0-9a-f]+");
    return UnverifiedAttestation.decode(Bytes.fromHex(answer));
  }

  /** An answer with a COSE_Sign1 whose payload has user data and the three registers. */
  private static Bytes enclaveAnswer(Bytes userData, Bytes registers) {
    String pcrs =
        "00"
            + "5830"
            + registers.slice(0, 48)
            + "01"
            + "5830"
            + registers.slice(48, 96)
            + "02"
            + "5830"
            + registers.slice(96, 144);
    String payload =
        "a2" + "64" + hex("pcrs") + "a3" + pcrs + "69" + hex("user_data") + "5840" + userData;
    String document = "84" + "40" + "a0" + byteString(payload) + "40";
    return Bytes.fromHex(
        "a1" + "6b" + hex("Attestation") + "a1" + "68" + hex("document") + byteString(document));
  }

  /** Of 24 to 255 bytes. */
  private static String byteString(String digits) {
    return "58" + String.format("%02x", digits.length() / 2) + digits;
  }

  private static Bytes sevResponse(int status, int length) {
    ByteBuffer response = ByteBuffer.allocate(4000).order(ByteOrder.LITTLE_ENDIAN);
    return Bytes.of(response.putInt(status).putInt(length).array());
  }

  private static Bytes certificateTable() {
    return Bytes.fromHex(
        "63da758de6644564adc5f4b93be8accd"
            + "30000000"
            + "05000000"
            + "00".repeat(24)
            + "3003020101");
  }

  private static String hex(String text) {
    return Bytes.utf8(text).hex();
  }

  private void place(String name, String text) {
    placeBytes(name, Bytes.utf8(text));
  }

  private void placeBytes(String name, Bytes content) {
    try {
      Files.write(dir.resolve(name), content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Bytes bytes(String name) {
    try {
      return Bytes.of(Files.readAllBytes(dir.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String name) {
    return bytes(name).utf8Text();
  }

  /** Runs one operation; what the doubles had to complain about fails the test. */
  private String run(String operation) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            DeviceProgram.class.getName(),
            dir.toString(),
            operation,
            dir.resolve("answer").toString());
    builder.environment().put("LD_PRELOAD", library.toString());
    builder.environment().put(NativeDoubles.VARIABLE, dir.toString());
    builder.redirectErrorStream(true);
    try {
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said).doesNotContain("doubles:");
      return text("answer");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
