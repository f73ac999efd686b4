package dstack.kms.attest.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.World;
import dstack.kms.testkit.Allocation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 11 §6.5 and §6.7: what the two documents must have and must not have. */
class TcbDocumentsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "version",
        "issueDate",
        "nextUpdate",
        "fmspc",
        "pceId",
        "tcbType",
        "tcbEvaluationDataNumber",
        "tcbLevels",
        "sgxtcbcomponents",
        "pcesvn",
        "tcbDate",
        "tcbStatus",
        "isvsvn",
        "tcb",
        "svn",
        "mrsigner",
        "attributes",
        "attributesMask"
      })
  void refusesTcbInfoWithoutARequiredKey(String key) {
    String without = World.TDX_TCB_INFO.replace("\"" + key + "\":", "\"other" + key + "\":");
    // What the replacement makes must be well-formed but for the key.
    assertThatThrownBy(() -> TcbDocuments.tcbInfo(without.replaceAll("\"othersvn\"", "\"o\"")))
        .isInstanceOf(StrictJson.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "version",
        "issueDate",
        "nextUpdate",
        "tcbEvaluationDataNumber",
        "miscselect",
        "miscselectMask",
        "attributes",
        "attributesMask",
        "mrsigner",
        "isvprodid",
        "tcbLevels",
        "tcb",
        "isvsvn",
        "tcbDate",
        "tcbStatus"
      })
  void refusesQeIdentityWithoutARequiredKey(String key) {
    String without = World.TD_QE_IDENTITY.replace("\"" + key + "\":", "\"other" + key + "\":");

    assertThatThrownBy(() -> TcbDocuments.qeIdentity(without))
        .isInstanceOf(StrictJson.Malformed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\":3 | \"version\":\"3\"",
        "\"version\":3 | \"version\":3.0",
        "\"version\":3 | \"version\":256",
        "\"version\":3 | \"version\":-1",
        "\"version\":3 | \"version\":null",
        "\"version\":3 | \"version\":3,\"version\":3",
        "\"tcbType\":0 | \"tcbType\":4294967296",
        "\"tcbType\":0 | \"tcbType\":1e0",
        "\"pcesvn\":11 | \"pcesvn\":65536",
        "{\"svn\":1} | {\"svn\":256}",
        "{\"svn\":1} | {\"svn\":true}",
        "{\"svn\":1} | 1",
        "\"isvsvn\":5 | \"isvsvn\":256",
        "\"id\":\"TDX\" | \"id\":1",
        "[\"INTEL-SA-00003\"] | null",
        "[\"INTEL-SA-00003\"] | \"INTEL-SA-00003\"",
        "[\"INTEL-SA-00003\"] | [3]",
        "\"UpToDate\" | \"uptodate\"",
        "\"UpToDate\" | \"\"",
        "\"tdxModuleIdentities\":[ | \"tdxModuleIdentities\":null,\"x\":[",
        "\"tdxModule\":{ | \"tdxModule\":[],\"x\":{"
      })
  void refusesTcbInfoWithAWrongValue(String find, String replace) {
    assertThat(World.TDX_TCB_INFO).contains(find);
    String changed = World.TDX_TCB_INFO.replace(find, replace);

    assertThatThrownBy(() -> TcbDocuments.tcbInfo(changed))
        .isInstanceOf(StrictJson.Malformed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"miscselect\":\"00000000\" | \"miscselect\":\"000000\"",
        "\"miscselect\":\"00000000\" | \"miscselect\":\"0000000g\"",
        "\"miscselect\":\"00000000\" | \"miscselect\":\"0000000000\"",
        "\"isvprodid\":2 | \"isvprodid\":65536",
        "\"isvsvn\":6 | \"isvsvn\":65536",
        "\"version\":2 | \"version\":256"
      })
  void refusesQeIdentityWithAWrongValue(String find, String replace) {
    assertThat(World.TD_QE_IDENTITY).contains(find);
    String changed = World.TD_QE_IDENTITY.replace(find, replace);

    assertThatThrownBy(() -> TcbDocuments.qeIdentity(changed))
        .isInstanceOf(StrictJson.Malformed.class);
  }

  @Test
  void refusesTextThatIsNoSingleObject() {
    for (String text :
        List.of("", " ", "null", "[]", "1", "{", "{}x", "{}{}", World.TDX_TCB_INFO + ",")) {
      assertThatThrownBy(() -> TcbDocuments.tcbInfo(text)).isInstanceOf(StrictJson.Malformed.class);
    }
    assertThatThrownBy(() -> TcbDocuments.tcbInfo("[".repeat(100_000)))
        .isInstanceOf(StrictJson.Malformed.class);
    assertThatThrownBy(() -> TcbDocuments.tcbInfo(" ".repeat((4 << 20) + 1)))
        .isInstanceOf(StrictJson.Malformed.class);
  }

  @Test
  void refusesTheOldLayoutOfSgxComponents() {
    String old =
        World.SGX_TCB_INFO.replace(
            "\"sgxtcbcomponents\":" + World.LEVEL_COMPONENTS, "\"sgxtcbcomp01svn\":1");

    assertThatThrownBy(() -> TcbDocuments.tcbInfo(old)).isInstanceOf(StrictJson.Malformed.class);
  }

  @Test
  void ignoresUnknownKeysAndWhiteSpace() throws StrictJson.Malformed {
    TcbInfo info =
        TcbDocuments.tcbInfo(
            " "
                + World.TDX_TCB_INFO.replace("\"id\":\"TDX\"", "\"new\":[{}], \"id\" : \"TDX\"")
                + "\n");

    assertThat(info.id()).isEqualTo("TDX");
    assertThat(info.tcbLevels()).hasSize(1);
  }

  @Test
  void nullModuleIsNoModule() throws StrictJson.Malformed {
    String none = World.TDX_TCB_INFO.replace("\"tdxModule\":{", "\"tdxModule\":null,\"x\":{");

    assertThat(TcbDocuments.tcbInfo(none).tdxModule()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UP_TO_DATE, CONFIGURATION_NEEDED, CONFIGURATION_NEEDED",
    "OUT_OF_DATE, UP_TO_DATE, OUT_OF_DATE",
    "OUT_OF_DATE, SW_HARDENING_NEEDED, OUT_OF_DATE",
    "OUT_OF_DATE, CONFIGURATION_NEEDED, OUT_OF_DATE_CONFIGURATION_NEEDED",
    "CONFIGURATION_AND_SW_HARDENING_NEEDED, OUT_OF_DATE, OUT_OF_DATE_CONFIGURATION_NEEDED",
    "OUT_OF_DATE_CONFIGURATION_NEEDED, OUT_OF_DATE, OUT_OF_DATE_CONFIGURATION_NEEDED",
    "REVOKED, CONFIGURATION_NEEDED, REVOKED",
    "UP_TO_DATE, UP_TO_DATE, UP_TO_DATE"
  })
  void convergesLikeIntel(TcbStatus left, TcbStatus right, TcbStatus expected) {
    assertThat(left.convergedWith(right)).isEqualTo(expected);
    assertThat(right.convergedWith(left)).isEqualTo(expected);
  }

  @Test
  void severityIsTheOrderOfTheSpecification() {
    assertThat(TcbStatus.values())
        .extracting(TcbStatus::text)
        .containsExactly(
            "UpToDate",
            "SWHardeningNeeded",
            "ConfigurationNeeded",
            "ConfigurationAndSWHardeningNeeded",
            "OutOfDate",
            "OutOfDateConfigurationNeeded",
            "Revoked");
  }

  @Test
  void refusesFourMegabytesOfTokensBeforeTheyAreATree() {
    String levels = "{\"tcbLevels\":[" + "{},".repeat((4 << 20) / 3 - 8) + "{}]}";
    long allocated =
        Allocation.bytesOf(
            () ->
                assertThatThrownBy(() -> TcbDocuments.tcbInfo(levels))
                    .isInstanceOf(StrictJson.Malformed.class)
                    .hasMessageContaining("Token count"));
    assertThat(allocated).isLessThan(16L << 20);
  }
}
