package dstack.kms.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real evidence of every platform beside TDX, as a user verifies it. */
final class VerifyPlatformsTest {
  private static final String GCP = "tdx/dstack_attestation_v0_gcp.bin";
  private static final String GCP_COLLATERAL = "tdx/gcp_fmspc_00806F050000_2025-10.collateral.json";
  private static final String NITRO = "platforms/nitro/dstack_v0_prod.bin";
  private static final String SNP = "platforms/snp/sev-snp-attestation.json";
  private static final String SNP_BARE = "platforms/snp/sev_snp_attestation.bin";
  private static final String SNP_NOW = "1782000000";

  @TempDir private Path folder;

  private static Run verify(String file, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("verify", "attestation", Vectors.path(file).toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private static String path(String vector) {
    return Vectors.path(vector).toString();
  }

  private static JsonNode accepted(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.out() + run.status()).endsWith("0");
    return JsonMapper.shared().readTree(run.out());
  }

  private static String refused(Run run) {
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(1);
    return JsonMapper.shared().readTree(run.out()).get("error").stringValue();
  }

  private static String bootInfo(JsonNode answer, String name) {
    return answer.get("boot_info").get(name).stringValue();
  }

  private static Run gcp(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("--collateral", path(GCP_COLLATERAL), "--now", "1762944331", "--json"));
    all.addAll(List.of(more));
    return verify(GCP, all.toArray(String[]::new));
  }

  /** Specification 12 §8 C. */
  @Test
  void provesTheIdentityOfARealMachineOnGoogleCloud() {
    JsonNode answer = accepted(gcp());

    assertThat(answer.get("tee_variant").stringValue()).isEqualTo("dstack-gcp-tdx");
    assertThat(answer.get("tcb_status").stringValue()).isEqualTo("UpToDate");
    assertThat(answer.get("report_data").stringValue()).isEqualTo("0".repeat(128));
    assertThat(bootInfo(answer, "mrAggregated"))
        .isEqualTo("45945647b298002fab5255ac6d0fc84be25122a385fb05d51be6d1bd6483fc38");
    assertThat(bootInfo(answer, "mrSystem"))
        .isEqualTo("b0f56b48b292b603551ca8066e3fed5cf0e32ed0706a343447b531e718cf555a");
  }

  @Test
  void saysWhatCouldNotBeCheckedOfArchivedEvidence() {
    JsonNode unchecked = accepted(gcp()).get("unchecked");

    assertThat(unchecked.size()).isEqualTo(2);
    assertThat(unchecked.get(0).stringValue())
        .isEqualTo(
            "The attestation key of the virtual TPM was judged as of 2025-12-22T11:37:46Z, when"
                + " its certificate begins, and not as of --now.");
    assertThat(unchecked.get(1).stringValue()).contains("\"EK/AK CA Intermediate\" is revoked");
  }

  @Test
  void measuresTheMachineUpToTheEndOfBooting() {
    JsonNode answer = accepted(gcp("--boottime"));

    assertThat(bootInfo(answer, "mrAggregated"))
        .isEqualTo("728723651a5cb823a143b42f3b5b394064da4863bd5b5405ffda933e2cf9190c");
    assertThat(bootInfo(answer, "mrSystem"))
        .isEqualTo("66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
  }

  @ParameterizedTest
  @CsvSource({
    "'', bb3d85e1aa3b1eb220e63ccae933bef80f0ff6a976cd8a1771f6b873228db19f",
    "--boottime, a6742232ea9f545567b1f387a6dfca413066032149f9f416f6624603cd1b7251"
  })
  void takesTheImageOfARequest(String flag, String mrSystem) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("vm.json"),
            "{\"os_image_hash\":"
                + "\"455edaf063160da781efaf262e5cb12e76be20c22a033ae16bfd6f0b8260a2e0\"}");
    String[] more =
        flag.isEmpty()
            ? new String[] {"--vm-config", config.toString()}
            : new String[] {"--vm-config", config.toString(), flag};

    assertThat(bootInfo(accepted(gcp(more)), "mrSystem")).isEqualTo(mrSystem);
  }

  @Test
  void refusesAnAttestationKeyBeforeItsCertificateBegins() {
    assertThat(refused(gcp("--tpm-now", "1766403465")))
        .endsWith("certificate chain verification failed: CertNotValidYet");
    assertThat(accepted(gcp("--tpm-now", "1766403466")).get("unchecked").size()).isEqualTo(1);
  }

  @Test
  void refusesTheMachineUnderAnotherGoogleRoot() {
    Run run = gcp("--root-ca", path("platforms/gcp-tdx-composed/tpm_root.pem"));

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).contains("the issuer's certificate is not among the given ones");
    assertThat(refused(gcp("--root-ca", "tdx=" + path("platforms/roots/amd-milan-ark.pem"))))
        .isNotEmpty();
  }

  /** The values of the README beside the vector. */
  @Test
  void provesTheIdentityOfARealEnclave() {
    String image = "1894b0b29e94a9db16e88a2914f0923e52bb16c08bf3bb484df786a147e2eb79";
    JsonNode answer = accepted(verify(NITRO, "--now", "1766678659", "--json"));

    assertThat(answer.get("tee_variant").stringValue()).isEqualTo("dstack-nitro-enclave");
    assertThat(answer.get("tcb_status").stringValue()).isEmpty();
    for (String name : List.of("osImageHash", "mrSystem", "mrAggregated", "composeHash")) {
      assertThat(bootInfo(answer, name)).as(name).isEqualTo(image);
    }
    assertThat(bootInfo(answer, "appId")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4");
    assertThat(bootInfo(answer, "instanceId")).isEmpty();
    assertThat(bootInfo(answer, "deviceId"))
        .isEqualTo("de7d1b721a1e0632b7cf04edf5032c8ecffa9f9a08492152b926f1a5a7e765d7");
    assertThat(answer.get("unchecked").size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "1766682260, attestation document is stale",
    "1766678358, attestation document timestamp is in the future",
  })
  void refusesAnEnclaveOutsideOfItsTime(String now, String text) {
    assertThat(refused(verify(NITRO, "--now", now, "--json"))).contains(text);
  }

  @Test
  void refusesAnEnclaveUnderAnotherRoot() {
    assertThat(
            refused(
                verify(
                    NITRO,
                    "--now",
                    "1766678659",
                    "--json",
                    "--root-ca",
                    path("platforms/roots/amd-milan-ark.pem"))))
        .contains("cabundle does not begin with the pinned root");
  }

  @ParameterizedTest
  @CsvSource({
    "platforms/nitro/cose_debug_2022.bin, 1665582606",
    "platforms/nitro/cose_valid_b64.bin, 1695049411"
  })
  void refusesRealDebugEnclaves(String file, String now) {
    assertThat(refused(verify(file, "--now", now, "--json")))
        .isEqualTo("nitro enclave is in debug mode (PCR0/1/2 are zeroed); refusing to verify");
  }

  /** The values of the README beside the vector. */
  @Test
  void provesTheIdentityOfARealSnpGuest() {
    JsonNode answer = accepted(verify(SNP, "--now", SNP_NOW, "--json"));

    assertThat(answer.get("tee_variant").stringValue()).isEqualTo("dstack-amd-sev-snp");
    assertThat(answer.get("tcb_status").stringValue()).isEqualTo("OutOfDate");
    assertThat(bootInfo(answer, "osImageHash"))
        .isEqualTo("f69c8e5031ec2b269bbc08839ce02cb98ee255d695626f941f4b37b95946d352");
    assertThat(bootInfo(answer, "appId")).isEqualTo("86e59625be93207bc2351c4d1bba20037cec8e16");
    assertThat(bootInfo(answer, "mrSystem"))
        .isEqualTo("ebf2076a74c394bd8c68ac10f341dd24e0d80f0411bbeb43f062e2b658309054");
    assertThat(bootInfo(answer, "mrAggregated"))
        .isEqualTo("c7a8e492fcd0167c76f3c64ff20d96648403020f80b38e9384a7432077e4a7a7");
    assertThat(bootInfo(answer, "deviceId")).hasSize(128).startsWith("38d17458").endsWith("b877");
  }

  @Test
  void showsWhatASnpReportProvesWithCertificatesFromFiles() {
    JsonNode answer =
        accepted(
            verify(
                SNP_BARE,
                "--now",
                SNP_NOW,
                "--issuer-file",
                path("platforms/snp/sev_snp_ask.pem"),
                "--issuer-file",
                path("platforms/snp/sev_snp_vcek.pem"),
                "--evidence-only",
                "--json"));

    assertThat(answer.get("tcb_status").stringValue()).isEqualTo("OutOfDate");
    assertThat(answer.get("measurements").get("measurement").stringValue())
        .startsWith("7f51e17f72a04d54")
        .endsWith("1d6f05d");
    assertThat(answer.get("measurements").get("host_data").stringValue())
        .isEqualTo("783f0057820acb99249af56cc3b07b4e8d80f65183167cba9cf437bb680f742f");
  }

  @Test
  void refusesASnpReportWithoutCertificatesOrIdentity() {
    Run without = verify(SNP_BARE, "--now", SNP_NOW, "--json");
    assertThat(without.status()).isEqualTo(3);
    Run flat =
        verify(
            SNP_BARE,
            "--now",
            SNP_NOW,
            "--issuer-file",
            path("platforms/snp/sev_snp_vcek.pem"),
            "--json");
    assertThat(refused(flat)).contains("sev_snp_measurement");
  }

  @Test
  void refusesARealReportOfADebugGuest() {
    assertThat(
            refused(
                verify(
                    "platforms/snp/milan_debug_policy_report.bin",
                    "--now",
                    SNP_NOW,
                    "--issuer-file",
                    path("platforms/snp/milan_debug_policy_vcek.der"),
                    "--json")))
        .contains("amd sev-snp guest policy allows debug");
  }

  @Test
  void readsLinesInsteadOfJson() {
    Run run = verify(NITRO, "--now", "1766678659");

    assertThat(run.out())
        .startsWith("accepted: dstack-nitro-enclave, no TCB status\n")
        .contains("\nnot checked: Whether the certificate ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not a url", "ftp://kds.example/v", "https://u:p@kds.example/v", ""})
  void takesOnlyAnAddressForTheServiceOfAmd(String address) {
    Run run = verify(SNP_BARE, "--kds", address);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("Invalid value for option '--kds'");
  }

  @Test
  void refusesARootOfAnUnknownKind() {
    Run run = verify(NITRO, "--root-ca", "intel=" + path("platforms/roots/amd-milan-ark.pem"));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("unknown root 'intel': expected one of tdx, gcp_tpm");
  }
}
