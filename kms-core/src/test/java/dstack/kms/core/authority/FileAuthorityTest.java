package dstack.kms.core.authority;

import static dstack.kms.core.authority.BootInfos.repeated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of specification 21 §5. */
class FileAuthorityTest {
  private static final String POLICY =
      """
      {"gatewayAppId":"gw","osImages":["0x%s"],
       "kms":{"mrAggregated":["%s"],"devices":["0X%s"]},
       "apps":{"0x%s":{"composeHashes":["%s"],"devices":["%s"]}}}
      """
          .formatted(
              "02".repeat(32),
              "01".repeat(32),
              "07".repeat(32),
              "04".repeat(20),
              "05".repeat(32),
              "07".repeat(32));

  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void policy() {
    file = dir.resolve("policy.json");
  }

  @Test
  void allowsWhatEveryRowLists() throws IOException {
    FileAuthority authority = authority(POLICY);
    assertThat(authority.decideApp(BootInfos.example())).isEqualTo(new Decision.Allowed("gw"));
    assertThat(authority.decideKms(BootInfos.example())).isEqualTo(new Decision.Allowed("gw"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OutOfDate|",
        "''|",
        "uptodate|",
        "'UpToDate '|",
        "UpToDate|INTEL-SA-1",
        "UpToDate|''"
      })
  void deniesATcbStatusOrAnAdvisoryThatIsNotListed(String status, String advisory)
      throws IOException {
    List<String> advisories = advisory == null ? List.of() : List.of(advisory);
    BootInfo info = BootInfos.of(repeated(2, 32), repeated(7, 32), status, advisories);
    String reason = advisory == null ? "TCB status is not allowed" : "advisory ID is not allowed";
    assertThat(authority(POLICY).decideApp(info)).isEqualTo(new Decision.Denied(reason));
    assertThat(authority(POLICY).decideKms(info)).isEqualTo(new Decision.Denied(reason));
  }

  @Test
  void t17_seesNitroTpmAsWithoutTcbStatusWhateverTheWireSays() throws IOException {
    BootInfo info = BootInfos.example(TeeVariant.AWS_NITRO_TPM);
    assertThat(info.tcbStatus()).isEqualTo("UpToDate");
    assertThat(info.localTcbStatus()).isEqualTo("NotApplicable");
    assertThat(authority(POLICY).decideApp(info))
        .isEqualTo(new Decision.Denied("TCB status is not allowed"));
    String policy =
        POLICY.replace("\"osImages\"", "\"allowedTcbStatuses\":[\"NotApplicable\"],\"osImages\"");
    assertThat(authority(policy).decideApp(info)).isEqualTo(new Decision.Allowed("gw"));
    assertThat(authority(policy).decideApp(BootInfos.example()))
        .isEqualTo(new Decision.Denied("TCB status is not allowed"));
  }

  @Test
  void allowsAListedTcbStatusAndAdvisory() throws IOException {
    BootInfo info = BootInfos.of(repeated(2, 32), repeated(7, 32), "", List.of("A", "B"));
    String policy =
        POLICY.replace(
            "\"osImages\"",
            "\"allowedTcbStatuses\":[\"\"],\"allowedAdvisoryIds\":[\"B\",\"A\"],\"osImages\"");
    assertThat(authority(policy).decideApp(info)).isEqualTo(new Decision.Allowed("gw"));
    BootInfo more = BootInfos.of(repeated(2, 32), repeated(7, 32), "", List.of("A", "B", "C"));
    assertThat(authority(policy).decideApp(more))
        .isEqualTo(new Decision.Denied("advisory ID is not allowed"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"osImages\":[\"0x02|\"osImages\":[\"0x12|OS image is not allowed|OS image is not allowed",
        "\"osImages\"|\"other\"|OS image is not allowed|OS image is not allowed",
        "\"mrAggregated\":[\"01|\"mrAggregated\":[\"11|aggregated MR not allowed|",
        "\"mrAggregated\"|\"other\"|aggregated MR not allowed|",
        "\"kms\"|\"other\"|aggregated MR not allowed|",
        "[\"0X07|[\"0X17|KMS is not allowed to boot on this device|",
        "{\"0x04|{\"0x14||app not registered",
        "\"apps\"|\"other\"||app not registered",
        "\"composeHashes\":[\"05|\"composeHashes\":[\"15||compose hash not allowed",
        "\"composeHashes\"|\"other\"||compose hash not allowed",
        "\"devices\":[\"07|\"devices\":[\"17||app is not allowed to boot on this device",
      })
  void deniesWithTheReasonOfTheRow(String part, String replacement, String kms, String app)
      throws IOException {
    String policy = POLICY.replace(part, replacement);
    assertThat(policy).isNotEqualTo(POLICY);
    FileAuthority authority = authority(policy);
    assertThat(authority.decideKms(BootInfos.example())).isEqualTo(decision(kms));
    assertThat(authority.decideApp(BootInfos.example())).isEqualTo(decision(app));
  }

  private static Decision decision(String reason) {
    return reason == null ? new Decision.Allowed("gw") : new Decision.Denied(reason);
  }

  @Test
  void deniesAnEmptyOsImageHashUnlessItIsListed() throws IOException {
    BootInfo info = BootInfos.of(Bytes.EMPTY, repeated(7, 32), "UpToDate", List.of());
    assertThat(authority(POLICY).decideApp(info))
        .isEqualTo(new Decision.Denied("OS image is not allowed"));
    String listed = POLICY.replace("\"osImages\":[", "\"osImages\":[\"0x\",");
    assertThat(authority(listed).decideApp(info)).isEqualTo(new Decision.Allowed("gw"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void t28_anEmptyDeviceListAllowsEveryDeviceOnlyWithoutStrict(boolean absent) throws IOException {
    String policy =
        POLICY
            .replace("[\"0X" + "07".repeat(32) + "\"]", "[]")
            .replace("\"devices\":[\"" + "07".repeat(32) + "\"]", "\"devices\":[]");
    if (absent) {
      policy = policy.replace(",\"devices\":[]", "");
    }
    assertThat(authority(policy).decideApp(BootInfos.example()))
        .isEqualTo(new Decision.Allowed("gw"));
    assertThat(authority(policy).decideKms(BootInfos.example()))
        .isEqualTo(new Decision.Allowed("gw"));
    FileAuthority strict = new FileAuthority(file, true);
    assertThat(strict.decideApp(BootInfos.example()))
        .isEqualTo(new Decision.Denied("app is not allowed to boot on this device"));
    assertThat(strict.decideKms(BootInfos.example()))
        .isEqualTo(new Decision.Denied("KMS is not allowed to boot on this device"));
  }

  @Test
  void knowsASevSnpMachineByItsChipIdAndByTheHashOfIt() throws IOException {
    Bytes chip = repeated(3, 64);
    Bytes hash = Digests.sha256(chip);
    BootInfo info = BootInfos.of(repeated(2, 32), hash, "UpToDate", List.of()).withChipId(chip);
    for (Bytes listed : List.of(chip, hash)) {
      String policy = POLICY.replace("07".repeat(32), listed.hex());
      assertThat(authority(policy).decideApp(info)).isEqualTo(new Decision.Allowed("gw"));
      assertThat(authority(policy).decideKms(info)).isEqualTo(new Decision.Allowed("gw"));
    }
    String part = POLICY.replace("07".repeat(32), chip.slice(0, 32).hex());
    assertThat(authority(part).decideApp(info)).isInstanceOf(Decision.Denied.class);
    assertThat(authority(POLICY).decideApp(info)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void anyDeviceMeansAnyEvenWhenStrict() throws IOException {
    String policy = POLICY.replace("\"devices\":[", "\"allowAnyDevice\":true,\"devices\":[");
    BootInfo elsewhere = BootInfos.of(repeated(2, 32), repeated(9, 64), "UpToDate", List.of());
    authority(policy);
    FileAuthority strict = new FileAuthority(file, true);
    assertThat(strict.decideApp(elsewhere)).isEqualTo(new Decision.Allowed("gw"));
    assertThat(strict.decideKms(elsewhere)).isEqualTo(new Decision.Allowed("gw"));
  }

  @Test
  void t34_aChangedFileCountsAtTheNextDecision() throws IOException {
    FileAuthority authority = authority(POLICY);
    assertThat(authority.decideApp(BootInfos.example())).isInstanceOf(Decision.Allowed.class);
    Files.writeString(file, POLICY.replace("\"osImages\":[\"0x02", "\"osImages\":[\"0x12"));
    assertThat(authority.decideApp(BootInfos.example())).isInstanceOf(Decision.Denied.class);
    Files.delete(file);
    assertThatThrownBy(() -> authority.decideApp(BootInfos.example()))
        .isInstanceOf(RefusalException.class);
    Files.writeString(file, POLICY);
    assertThat(authority.decideApp(BootInfos.example())).isInstanceOf(Decision.Allowed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "null",
        "{} {}",
        "{\"osImages\":\"0x02\"}",
        "{\"osImages\":[1]}",
        "{\"osImages\":null}",
        "{\"osImages\":[],\"osImages\":[]}",
        "{\"allowedTcbStatuses\":\"UpToDate\"}",
        "{\"gatewayAppId\":5}",
        "{\"chainId\":\"1\"}",
        "{\"chainId\":1.5}",
        "{\"chainId\":-1}",
        "{\"kms\":[]}",
        "{\"kms\":{\"allowAnyDevice\":\"true\"}}",
        "{\"apps\":[]}",
        "{\"apps\":{\"0x04\":true}}",
        "{\"apps\":{\"0x04\":{\"devices\":{}}}}"
      })
  void deniesEverythingWhileTheFileIsMalformed(String policy) throws IOException {
    FileAuthority authority = authority(policy);
    assertThatThrownBy(() -> authority.decideApp(BootInfos.example()))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(AuthorityRefusal.POLICY_UNREADABLE))
        .hasMessage("authorization backend unavailable");
    assertThatThrownBy(() -> authority.decideKms(BootInfos.example()))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void anEmptyPolicyAllowsNothing() throws IOException {
    assertThat(authority("{}").decideApp(BootInfos.example()))
        .isEqualTo(new Decision.Denied("OS image is not allowed"));
  }

  @Test
  void saysAboutItselfWhatTheFileSaysAndDefaultsWithoutOne() throws IOException {
    String zero = "0x" + "0".repeat(40);
    assertThat(new FileAuthority(file, false).info())
        .isEqualTo(
            new AuthorityInfo(
                false,
                Optional.of(""),
                Optional.of(zero),
                Optional.of(0L),
                Optional.of(zero),
                Optional.empty()));
    FileAuthority authority =
        authority(
            "{\"gatewayAppId\":\"g\",\"kmsContractAddr\":\"k\",\"chainId\":1,\"appImplementation\":\"a\"}");
    assertThat(authority.info())
        .isEqualTo(
            new AuthorityInfo(
                false,
                Optional.of("g"),
                Optional.of("k"),
                Optional.of(1L),
                Optional.of("a"),
                Optional.empty()));
  }

  @Test
  void isAnsweringOnlyWhileItsFileIsAPolicy() throws IOException {
    FileAuthority authority = new FileAuthority(file, false);
    assertThatThrownBy(authority::requireAnswering).isInstanceOf(RefusalException.class);
    Files.writeString(file, "{\"osImages\":");
    assertThatThrownBy(authority::requireAnswering).isInstanceOf(RefusalException.class);
    Files.writeString(file, POLICY);
    authority.requireAnswering();
    Files.delete(file);
    assertThatThrownBy(authority::requireAnswering).isInstanceOf(RefusalException.class);
  }

  @Test
  void devAllowsEverythingAndSaysSo() {
    DevAuthority dev = new DevAuthority("any");
    assertThat(dev.decideApp(BootInfos.example())).isEqualTo(new Decision.Allowed("any"));
    assertThat(dev.decideKms(BootInfos.example())).isEqualTo(new Decision.Allowed("any"));
    assertThat(dev.info().development()).isTrue();
    assertThat(dev.info().contractAddress()).isEmpty();
  }

  private FileAuthority authority(String policy) throws IOException {
    Files.writeString(file, policy);
    return new FileAuthority(file, false);
  }
}
