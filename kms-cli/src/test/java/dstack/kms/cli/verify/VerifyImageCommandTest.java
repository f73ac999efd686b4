package dstack.kms.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The generated image and the real TDX lite guest of the vectors. */
final class VerifyImageCommandTest {
  private static final String SYNTHETIC = "platforms/os-image/synthetic-1/";
  private static final String REAL = "platforms/os-image/tdx-lite-getquote.json";
  private static final JsonNode EXPECTED = Vectors.json(SYNTHETIC + "expected.json");
  private static final String HASH = EXPECTED.get("os_image_hash").stringValue();

  @TempDir private Path folder;

  private static String archive(String name) {
    return Vectors.path(SYNTHETIC + name + ".tar.gz").toString();
  }

  private static Run verify(String... arguments) {
    List<String> all = new ArrayList<>(List.of("verify", "image"));
    all.addAll(List.of(arguments));
    return Run.of(all.toArray(String[]::new));
  }

  private static JsonNode accepted(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).as(run.out()).isZero();
    return JsonMapper.shared().readTree(run.out());
  }

  private String realConfig() throws IOException {
    return config(Vectors.json(REAL).get("vm_config").stringValue());
  }

  private String config(String json) throws IOException {
    return Files.writeString(folder.resolve("vm.json"), json).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ok_flat", "ok_dot_prefix", "ok_extra_unlisted_file", "ok_two_gzip_members"})
  void showsAGoodArchive(String name) {
    JsonNode answer = accepted(verify(archive(name), "--hash", HASH, "--json"));

    assertThat(answer.get("os_image_hash").stringValue()).isEqualTo(HASH);
    assertThat(answer.get("version").stringValue()).isEqualTo("0.6.2");
    assertThat(answer.get("is_dev").booleanValue()).isFalse();
    assertThat(answer.get("files").propertyNames())
        .containsExactly(
            "ovmf.fd", "bzImage", "initramfs.cpio.gz", "metadata.json", "measurement.tdx.cbor");
  }

  @ParameterizedTest
  @CsvSource({
    "bad_absolute, image-archive-path, unsafe path",
    "bad_traversal, image-archive-path, unsafe path",
    "bad_symlink, image-archive-entry, unsupported entry",
    "bad_hardlink, image-archive-entry, unsupported entry",
    "bad_no_sha256sum, image-manifest, Failed to read sha256sum.txt",
    "bad_manifest_path, image-manifest, image manifest line 6 has an unsafe path",
    "bad_manifest_self, image-manifest, must not recursively list sha256sum.txt",
    "bad_checksum, image-checksum, Checksum verification failed",
    "bad_missing_metadata, image-checksum, Checksum verification failed",
    "bad_wrong_identity, expected-image-mismatch, os_image_hash does not match"
  })
  void refusesABadArchive(String name, String code, String text) {
    Run run = verify(archive(name), "--hash", HASH, "--json");

    assertThat(run.status()).isEqualTo(1);
    JsonNode answer = JsonMapper.shared().readTree(run.out());
    assertThat(answer.get("code").stringValue()).isEqualTo(code);
    assertThat(answer.get("error").stringValue()).contains(text);
  }

  @Test
  void measuresAGuestWithTheArchive() throws IOException {
    JsonNode row = EXPECTED.get("per_memory").get(0);
    String vm =
        config(
            "{\"os_image_hash\":\"%s\",\"memory_size\":%d,\"qemu_version\":\"8.2.2\"}"
                .formatted(HASH, row.get("memory_size").longValue()));

    JsonNode answer = accepted(verify(archive("ok_flat"), "--vm-config", vm, "--json"));

    assertThat(answer.get("mrtd")).isEqualTo(EXPECTED.get("mrtd_two_pass"));
    assertThat(answer.get("td_hob")).isEqualTo(row.get("td_hob_sha384"));
    assertThat(answer.get("rtmr1")).isEqualTo(row.get("rtmr1"));
    assertThat(answer.get("rtmr2")).isEqualTo(EXPECTED.get("rtmr2"));
    assertThat(answer.has("rtmr0")).isFalse();
    assertThat(answer.has("matches_attestation")).isFalse();
  }

  @Test
  void refusesAConfigurationThatNamesAnotherImage() throws IOException {
    Run run = verify(archive("ok_flat"), "--vm-config", realConfig());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("os_image_hash does not match sha256(sha256sum.txt)");
  }

  @Test
  void checksTheDocumentsOfAConfiguration() throws IOException {
    JsonNode answer = accepted(verify("--vm-config", realConfig(), "--json"));

    assertThat(answer.get("os_image_hash").stringValue()).startsWith("e6f5cfec20c0");
    assertThat(answer.get("documents").get(0).stringValue()).isEqualTo("measurement.tdx.cbor");
    assertThat(answer.get("mrtd").stringValue()).startsWith("fd685522");
    assertThat(answer.get("rtmr1").stringValue()).startsWith("2023546e");
    assertThat(answer.get("rtmr2").stringValue()).startsWith("4c1b739e");
  }

  @Test
  void comparesWithAnAttestation() throws IOException {
    Run run = verify("--vm-config", realConfig(), "--attestation", Vectors.path(REAL).toString());

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("accepted: OS image e6f5cfec")
        .contains("document: measurement.tdx.cbor")
        .contains("rtmr0: f8438db3")
        .contains("matches_attestation: true")
        .contains("the attestation's signature was not verified");
    assertThat(accepted(verify("--attestation", Vectors.path(REAL).toString(), "--json")))
        .isEqualTo(
            accepted(
                verify(
                    "--json",
                    "--attestation",
                    Vectors.path("platforms/os-image/tdx-lite-attestation.json").toString())));
  }

  @Test
  void refusesAnAttestationOfAnotherGuest() throws IOException {
    String other =
        config(
            Vectors.json(REAL)
                .get("vm_config")
                .stringValue()
                .replace("\"qemu_version\":\"8.2.2\"", "\"qemu_version\":\"9.2.1\""));
    Run run = verify("--vm-config", other, "--attestation", Vectors.path(REAL).toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("MRs do not match: MRTD mismatch: expected=a6f2ac94")
        .contains(", actual=fd685522");
  }

  @Test
  void refusesAConfigurationWithoutDocumentsOrAnotherPlatform() throws IOException {
    assertThat(verify("--vm-config", config("{}")).err())
        .contains("the VM configuration carries no measurement document");
    assertThat(verify("--vm-config", config("{}")).status()).isEqualTo(1);
    assertThat(
            verify(
                    "--vm-config",
                    realConfig(),
                    "--attestation",
                    Vectors.path("platforms/nitro/dstack_v0_prod.bin").toString())
                .err())
        .contains("only a TDX attestation can be compared");
  }

  @Test
  void leavesNothingBehind() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    long before = leftOvers(temporary);
    assertThat(verify(archive("ok_flat")).status()).isZero();
    assertThat(verify(archive("bad_checksum")).status()).isEqualTo(1);

    assertThat(leftOvers(temporary)).isEqualTo(before);
  }

  private static long leftOvers(Path temporary) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(file -> file.getFileName().toString().startsWith("kms-image-")).count();
    }
  }

  @Test
  void saysHowItIsUsed() {
    assertThat(verify().status()).isEqualTo(2);
    assertThat(verify().err()).contains("give an archive, --vm-config or --attestation");
    assertThat(verify("/no/such/file").status()).isEqualTo(2);
    assertThat(verify("/no/such/file").err()).contains("cannot read /no/such/file: no such file");
    assertThat(verify(folder.toString()).status()).isEqualTo(2);
    assertThat(verify("--help").out()).contains("Nothing is downloaded");
    assertThat(verify(archive("ok_flat")).err()).contains("unpacking and verifying");
  }
}
