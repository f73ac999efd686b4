package dstack.kms.attest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.GuestFiles;
import dstack.kms.attest.device.NativeLibC;
import dstack.kms.attest.device.Timing;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.nsm.NitroTpmModule;
import dstack.kms.attest.tpm.software.FakeNitroTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quote source {@code nitro-tpm} with files and a TPM that is not one. */
class NitroTpmQuoteSourceTest {
  private static final ReportData REPORT = new ReportData(Bytes.fromHex("ab".repeat(64)));
  private static final String EVENT = "{\"event\":\"app-id\",\"payload\":\"AAAA\"}\n";

  @TempDir Path folder;

  @Test
  void sendsTheDocumentWithEventsAndConfiguration() throws IOException {
    emit();
    Files.writeString(folder.resolve(".sys-config.json"), "{\"vm_config\":\"{}\"}");
    Bytes document = document(REPORT);
    UnverifiedAttestation made =
        UnverifiedAttestation.decode(source(() -> answer(document)).attest(REPORT));
    assertThat(made.evidence()).isEqualTo(new NitroTpmEvidence(document));
    assertThat(made.runtimeEvents().payloadOf("app-id")).isEqualTo(Bytes.zeros(3));
    assertThat(made.reportData()).isEqualTo(REPORT);
    assertThat(made.config()).isEqualTo("{}");
  }

  @Test
  void refusesADocumentAboutSomethingElse() {
    assertRefused(DeviceRefusal.WRONG_REPORT_DATA, answer(document(ReportData.ZERO)));
  }

  @Test
  void refusesADocumentThatIsNone() {
    assertRefused(DeviceRefusal.NSM_FAILURE, answer(Bytes.fromHex("80")));
    assertRefused(DeviceRefusal.NSM_FAILURE, answer(Bytes.fromHex("ff")));
    assertRefused(TpmRefusal.SECURITY_MODULE, Bytes.fromHex("a0"));
  }

  @Test
  void refusesWhenEventsAreEmittedDuringEachDocument() {
    assertThatThrownBy(
            () ->
                source(
                        () -> {
                          emit();
                          return answer(document(REPORT));
                        })
                    .attest(REPORT))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(DeviceRefusal.BUSY));
  }

  private void assertRefused(RefusalCode code, Bytes answer) {
    assertThatThrownBy(() -> source(() -> answer).attest(REPORT))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private NitroTpmQuoteSource source(java.util.function.Supplier<Bytes> answer) {
    Path log = folder.resolve("runtime_events.log");
    return new NitroTpmQuoteSource(
        new NitroTpmModule(new FakeNitroTpm(answer), RetryRule.STANDARD, new SecureRandom()),
        new GuestFiles(folder.resolve("ccel"), log, folder),
        EventLock.beside(log, NativeLibC.load(), Timing.system(), Duration.ofSeconds(1)));
  }

  private void emit() {
    try {
      Files.writeString(
          folder.resolve("runtime_events.log"),
          EVENT,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code [h'', {}, h'{"user_data": …}', h'']}. */
  private static Bytes document(ReportData reportData) {
    return Bytes.fromHex("8440a0584da169757365725f646174615840" + reportData + "40");
  }

  private static Bytes answer(Bytes document) {
    String head = document.length() < 24 ? "%02x" : "58%02x";
    int length = document.length() < 24 ? 0x40 + document.length() : document.length();
    return Bytes.fromHex(
        "a16b4174746573746174696f6ea168646f63756d656e74" + head.formatted(length) + document);
  }
}
