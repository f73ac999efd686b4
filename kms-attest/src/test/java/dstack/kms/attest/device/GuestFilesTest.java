package dstack.kms.attest.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that evidence is sent with: specifications 12 §1, §3 and 13 §7. */
class GuestFilesTest {
  @TempDir Path dir;
  private GuestFiles files;

  @BeforeEach
  void nameTheFiles() {
    files = new GuestFiles(dir.resolve("ccel"), dir.resolve("events.log"), dir);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(dir.resolve(name), text);
  }

  @Test
  void readsTheFirmwaresEvents() throws IOException {
    Files.write(dir.resolve("ccel"), Vectors.bytes("tdx/ccel_dstack.bin"));

    // 18 events: specification 12 §1
    assertThat(files.bootEvents()).hasSize(18);
  }

  @Test
  void refusesAGuestWithoutAFirmwareLogOrWithABrokenOne() throws IOException {
    Refused.as(DeviceRefusal.GUEST_FILE, () -> files.bootEvents())
        .hasMessage("there is no event log at " + dir.resolve("ccel"));
    write("ccel", "");
    assertThatThrownBy(() -> files.bootEvents()).isInstanceOf(RefusalException.class);
    Files.write(dir.resolve("ccel"), new byte[(1 << 20) + 1]);
    Refused.as(DeviceRefusal.GUEST_FILE, () -> files.bootEvents())
        .hasMessageContaining("is larger than 1048576 bytes");
  }

  @Test
  void readsTheGuestsEvents() throws IOException {
    write(
        "events.log",
        """
        {"event":"app-id","payload":"3q2+7w=="}

          {"event":"compose-hash","payload":"q80=","version":2}
        """);

    assertThat(files.runtimeEvents())
        .isEqualTo(
            new RuntimeEvents(
                List.of(
                    RuntimeEvent.v1("app-id", Bytes.fromHex("deadbeef")),
                    new RuntimeEvent("compose-hash", Bytes.fromHex("abcd"), EventLogVersion.V2))));
  }

  @Test
  void findsNoEventsWithoutAFile() {
    assertThat(files.runtimeEvents()).isEqualTo(RuntimeEvents.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "{}",
        "{\"event\":\"a\"}",
        "{\"event\":1,\"payload\":\"\"}",
        "{\"event\":\"a\",\"payload\":\"00\"}x",
        "{\"event\":\"a\",\"payload\":\"_-8=\"}",
        "{\"event\":\"a\",\"payload\":\"\",\"version\":3}",
        "{\"event\":\"a\",\"event\":\"b\",\"payload\":\"\"}",
        "[]",
      })
  void refusesALineOfAnotherForm(String line) throws IOException {
    write("events.log", "{\"event\":\"ok\",\"payload\":\"\"}\n" + line + "\n");

    assertThatThrownBy(() -> files.runtimeEvents())
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("Failed to decode user event log: ");
  }

  @Test
  void putsRuntimeEventsBehindBootEventsWithWhatTheirDigestsAreMadeOf() throws IOException {
    Files.write(dir.resolve("ccel"), Vectors.bytes("tdx/ccel_dstack.bin"));
    RuntimeEvents events =
        new RuntimeEvents(
            List.of(
                RuntimeEvent.v1("app-id", Bytes.fromHex("deadbeef")),
                new RuntimeEvent("compose-hash", Bytes.fromHex("abcd"), EventLogVersion.V2)));

    List<TdxEvent> log = files.eventLog(events);

    assertThat(log).hasSize(20);
    // the digests of specification 12 §4
    assertThat(log.get(18).digest().hex()).startsWith("67b4be4efed0893c");
    assertThat(log.get(18).preimage()).isEmpty();
    assertThat(log.get(19).digest().hex()).startsWith("9dde1673f544faa9");
    assertThat(log.get(19).preimage())
        .contains(
            Bytes.utf8("{\"name\":\"compose-hash\",\"payload\":\"abcd\",\"type\":134217729}")
                .hex());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"vm_config\":\"{}\",\"other\":1} | {}",
        "{\"vm_config\":\"\"} | ''",
        "{} | ''",
      })
  void readsTheMachinesConfiguration(String content, String vmConfig) throws IOException {
    write(".sys-config.json", content);

    assertThat(files.vmConfig()).isEqualTo(vmConfig);
  }

  @Test
  void knowsNoConfigurationWithoutTheFile() {
    assertThat(files.vmConfig()).isEmpty();
    assertThat(files.mrConfig()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "[]", "{\"vm_config\":1}", "{\"vm_config\":null}", "{}{}"})
  void refusesAConfigurationOfAnotherForm(String content) throws IOException {
    write(".sys-config.json", content);

    Refused.as(DeviceRefusal.GUEST_FILE, () -> files.vmConfig());
  }

  @Test
  void refusesAConfigurationThatIsNoText() throws IOException {
    Files.write(dir.resolve(".sys-config.json"), new byte[] {'{', (byte) 0xff, '}'});

    Refused.as(DeviceRefusal.GUEST_FILE, () -> files.vmConfig())
        .hasMessageEndingWith("is no UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"mr_config\":\"own\",\"vm_config\":\"{}\"} | own",
        "{\"mr_config\":\"own\",\"vm_config\":\"{\\\"mr_config\\\":\\\"nested\\\"}\"} | own",
        "{\"mr_config\":\"\",\"vm_config\":\"{\\\"mr_config\\\":\\\"nested\\\"}\"} | nested",
        "{\"mr_config\":null,\"vm_config\":\"{\\\"mr_config\\\":\\\"nested\\\"}\"} | nested",
        "{\"vm_config\":\"{\\\"mr_config\\\":1}\"} | ''",
        "{\"vm_config\":\"\"} | ''",
      })
  void findsTheLaunchDocumentWhereItMayBe(String content, String document) throws IOException {
    write(".sys-config.json", content);

    assertThat(files.mrConfig()).isEqualTo(document);
  }
}
