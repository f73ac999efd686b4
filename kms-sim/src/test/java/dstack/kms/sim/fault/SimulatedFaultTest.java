package dstack.kms.sim.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.sim.container.ContainerVersion;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.sim.quote.QuoteLayout;
import dstack.kms.sim.testing.RelyingParty;
import dstack.kms.sim.testing.TestPlatform;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way to lie is refused with the text of specification 10, 11 or 12. The switches have no
 * default: a fault without an expectation does not compile.
 */
final class SimulatedFaultTest {
  private static final String ACCEPTED = "";
  private static final String QUOTE = "failed to verify TDX quote: ";
  private static final String CHAIN = QUOTE + "Failed to verify certificate chain: ";

  @TempDir private static Path folder;
  private static SimulatedPlatform platform;
  private static RelyingParty relyingParty;

  @BeforeAll
  static void open() {
    platform = TestPlatform.in(folder);
    relyingParty = RelyingParty.trusting(platform);
  }

  @ParameterizedTest
  @EnumSource
  void t26_t28_t32_t43_quoteFaultIsRefused(QuoteFault fault) {
    SimulatedIdentity identity =
        fault == QuoteFault.SERVICE_TD
            ? SimulatedIdentity.standard().change().layout(QuoteLayout.V5_TD15).done()
            : SimulatedIdentity.standard();
    String expected =
        switch (fault) {
          case UNKNOWN_VERSION -> QUOTE + "Failed to parse quote: Unsupported quote version";
          case SGX_TEE_TYPE -> QUOTE + "Failed to parse quote: ";
          case P384_KEY_TYPE -> QUOTE + "Unsupported DCAP attestation key type";
          case OTHER_VENDOR -> QUOTE + "Unknown QE vendor ID";
          case OTHER_ATTESTATION_KEY,
              REPORT_DATA_PATCHED_AFTER_SIGNING,
              RTMR3_PATCHED_AFTER_SIGNING ->
              QUOTE + "ISV enclave report signature is invalid";
          case OTHER_PCK_KEY -> QUOTE + "Signature is invalid for qe_report in quote";
          case ATTESTATION_KEY_NOT_VOUCHED_FOR -> QUOTE + "QE report hash mismatch";
          case AUTH_DATA_TOO_SHORT, AUTH_DATA_TOO_LONG -> QUOTE + "Invalid QE auth data length";
          case QE_OF_ANOTHER_SIGNER -> QUOTE + "QE MRSIGNER mismatch: ";
          case QE_IN_DEBUG_MODE -> QUOTE + "QE report validation failed: Debug mode is enabled";
          case QE_OF_ANOTHER_PRODUCT -> QUOTE + "QE ISVPRODID mismatch: ";
          case QE_WITH_MISC_SELECT -> QUOTE + "QE MISCSELECT mismatch: ";
          case QE_WITH_OTHER_ATTRIBUTES -> QUOTE + "QE ATTRIBUTES mismatch at byte 0: ";
          case QE_TOO_OLD -> QUOTE + "QE ISVSVN 4 is below minimum required 5 from QE Identity";
          case BELOW_EVERY_TCB_LEVEL -> QUOTE + "No matching TCB level found";
          case TDX_MODULE_OF_UNKNOWN_VERSION ->
              QUOTE
                  + "TDX module identity check:"
                  + " No TDX module identity with id TDX_09 found in TCB Info";
          case TDX_MODULE_OF_ANOTHER_SIGNER ->
              QUOTE + "TDX module identity check: TDX module MRSIGNER mismatch: ";
          case TDX_MODULE_WITH_ATTRIBUTES ->
              QUOTE + "TDX module identity check: TDX module SEAMATTRIBUTES mismatch at byte 0: ";
          case SERVICE_TD -> QUOTE + "Invalid MR service TD";
          case CERTIFICATION_DATA_OF_UNUSABLE_TYPE ->
              QUOTE + "Unsupported DCAP PCK cert format: 1.";
          case TRUNCATED -> QUOTE + "Failed to parse quote: Not enough data to fill buffer";
          case QE_OUT_OF_DATE, TDX_MODULE_OUT_OF_DATE -> ACCEPTED;
        };
    assertVerdict(identity, expected, fault);
  }

  @ParameterizedTest
  @EnumSource(names = {"QE_OUT_OF_DATE", "TDX_MODULE_OUT_OF_DATE"})
  void t29_oldPartMakesAnUpToDatePlatformOutOfDate(QuoteFault fault) {
    VerifiedAttestation verified = relyingParty.verify(SimulatedIdentity.standard(), fault);
    assertThat(verified.tcbStatus()).isEqualTo("OutOfDate");
    assertThat(verified.advisoryIds())
        .containsExactly(
            fault == QuoteFault.QE_OUT_OF_DATE ? "SIMULATED-SA-00031" : "SIMULATED-SA-00021");
  }

  static IntStream attributeBits() {
    return IntStream.range(0, 64);
  }

  @ParameterizedTest
  @MethodSource("attributeBits")
  void t32_eachTdAttributeBitIsJudged(int bit) {
    String expected =
        switch (bit) {
          case 0 -> QUOTE + "Debug mode is enabled";
          case 28 -> QUOTE + "SEPT_VE_DISABLE is not enabled";
          case 30, 31 -> ACCEPTED;
          default -> QUOTE + "Reserved bits in TD attributes are set";
        };
    assertVerdict(SimulatedIdentity.standard(), expected, new TdAttributeBit(bit));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 64})
  void thereAreOnly64TdAttributes(int bit) {
    assertThatThrownBy(() -> new TdAttributeBit(bit)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void t27_certificateFaultIsRefused(CertificateFault fault) {
    String expected =
        switch (fault) {
          case PCK_NOT_SIGNED_BY_ITS_ISSUER, FOREIGN_ROOT -> CHAIN + "InvalidSignatureForPublicKey";
          case PCK_EXPIRED, INTERMEDIATE_EXPIRED -> CHAIN + "CertExpired";
          case PCK_NOT_YET_VALID -> CHAIN + "CertNotValidYet";
          case PCK_IS_A_CA -> CHAIN + "CaUsedAsEndEntity";
          case PCK_WITH_UNKNOWN_CRITICAL_EXTENSION ->
              QUOTE + "Failed to parse PCK certificate: UnsupportedCriticalExtension";
          case PCK_WITHOUT_SGX_EXTENSION -> QUOTE + "Intel extension not found";
          case PCK_OF_ANOTHER_FMSPC -> QUOTE + "Fmspc mismatch";
          case PCK_OF_OLD_CPU_SVN -> QUOTE + "No matching TCB level found";
          case INTERMEDIATE_IS_NO_CA -> CHAIN + "EndEntityUsedAsCa";
          case INTERMEDIATE_MAY_NOT_SIGN_LISTS -> CHAIN + "IssuerNotCrlSigner";
          case CHAIN_WITHOUT_INTERMEDIATE, CHAIN_OF_THE_LEAF_ALONE -> CHAIN + "UnknownIssuer";
          case EMPTY_CHAIN -> QUOTE + "Certificate chain is too short in quote";
        };
    assertVerdict(SimulatedIdentity.standard(), expected, fault);
  }

  @ParameterizedTest
  @EnumSource
  void t22_t24_t25_t30_t31_collateralFaultIsRefused(CollateralFault fault) {
    String expected =
        switch (fault) {
          case REVOKED_PCK, REVOKED_INTERMEDIATE, REVOKED_TCB_SIGNER -> CHAIN + "CertRevoked";
          case REVOKED_ROOT -> QUOTE + "CertRevoked";
          case EXPIRED_ROOT_CRL -> QUOTE + "CrlExpired";
          case EXPIRED_PCK_CRL -> CHAIN + "CrlExpired";
          case FORGED_ROOT_CRL -> QUOTE + "InvalidCrlSignatureForPublicKey";
          case FORGED_PCK_CRL -> CHAIN + "InvalidCrlSignatureForPublicKey";
          case PCK_CRL_IS_THE_ROOT_CRL -> CHAIN + "UnknownRevocationStatus";
          case ROOT_CRL_IS_THE_PCK_CRL -> QUOTE + "UnknownRevocationStatus";
          case UNREADABLE_PCK_CRL -> QUOTE;
          case EXPIRED_TCB_INFO -> QUOTE + "TCBInfo expired";
          case FUTURE_TCB_INFO -> QUOTE + "TCBInfo issue date is in the future";
          case EXPIRED_QE_IDENTITY -> QUOTE + "QE Identity expired";
          case FUTURE_QE_IDENTITY -> QUOTE + "QE Identity issue date is in the future";
          case TCB_INFO_ALTERED_AFTER_SIGNING ->
              QUOTE + "Signature is invalid for tcb_info in quote_collateral";
          case QE_IDENTITY_ALTERED_AFTER_SIGNING ->
              QUOTE + "Signature is invalid for qe_identity in quote_collateral";
          case SIGNER_UNDER_A_FOREIGN_ROOT -> CHAIN + "InvalidSignatureForPublicKey";
          case TCB_INFO_OF_ANOTHER_FMSPC -> QUOTE + "Fmspc mismatch";
          case TCB_INFO_FOR_SGX -> QUOTE + "TDX quote with non-TDX TCB info in the collateral";
          case QE_IDENTITY_FOR_SGX ->
              QUOTE + "Unsupported QE Identity id/version for the quote TEE type: QE version 2";
          case TCB_INFO_WITHOUT_TDX_MODULE ->
              QUOTE + "TDX module identity check: TDX TCB Info is missing tdxModule field";
          case TCB_INFO_WITH_UNKNOWN_STATUS -> QUOTE + "Failed to decode TcbInfo";
          case TCB_INFO_WITHOUT_LEVELS -> QUOTE + "No matching TCB level found";
          case TCB_INFO_WITH_15_TDX_COMPONENTS ->
              QUOTE + "TDX component count mismatch: expected 16, got 15";
        };
    assertVerdict(SimulatedIdentity.standard(), expected, fault);
  }

  @ParameterizedTest
  @EnumSource
  void t43_containerFaultIsRefusedInV0(ContainerFault fault) {
    assertVerdict(SimulatedIdentity.standard(), expected(fault, ContainerVersion.V0), fault);
  }

  @ParameterizedTest
  @EnumSource
  void t43_containerFaultIsRefusedInV1(ContainerFault fault) {
    SimulatedIdentity identity =
        SimulatedIdentity.standard().change().container(ContainerVersion.V1).done();
    assertVerdict(identity, expected(fault, ContainerVersion.V1), fault);
  }

  private static String expected(ContainerFault fault, ContainerVersion container) {
    boolean scale = container == ContainerVersion.V0;
    return switch (fault) {
      case DROPPED_RUNTIME_EVENT,
          ALTERED_APP_ID,
          APPENDED_RUNTIME_EVENT,
          REORDERED_RUNTIME_EVENTS,
          NO_RUNTIME_EVENTS ->
          "RTMR3 mismatch, quoted: ";
      case SWAPPED_REPORT_DATA -> "tdx report_data mismatch";
      case ALTERED_BOOT_EVENT, DROPPED_BOOT_EVENT -> "RTMR0 mismatch, quoted: ";
      case TRAILING_BYTE ->
          scale
              ? "Trailing bytes after legacy VersionedAttestation: 1"
              : "trailing bytes after attestation msgpack: 1";
      case TRUNCATED ->
          scale
              ? "Failed to decode legacy VersionedAttestation"
              : "failed to decode attestation from msgpack";
    };
  }

  @ParameterizedTest
  @EnumSource
  void guestFaultIsRefusedWhereItLeavesTheIdentityInDoubt(GuestFault fault) {
    String expected =
        switch (fault) {
          case WITHOUT_APP_ID -> "app_id must be 20 bytes";
          case WITHOUT_COMPOSE_HASH -> "compose_hash must be 32 bytes";
          case WITHOUT_BOOT_MR_DONE -> "decode app info: runtime event boot-mr-done is missing";
          case SECOND_APP_ID -> "decode app info: runtime event app-id is repeated";
          case SECOND_BOOT_MR_DONE -> "decode app info: runtime event boot-mr-done is repeated";
          case COMPOSE_HASH_BEFORE_APP_ID ->
              "decode app info: runtime event app-id is repeated or out of order";
          case COLON_IN_EVENT_NAME -> "decode app info: runtime event name contains a colon";
          case WITHOUT_KEY_PROVIDER, WITHOUT_SYSTEM_READY, APP_ID_AFTER_SYSTEM_READY -> ACCEPTED;
        };
    assertVerdict(SimulatedIdentity.standard(), expected, fault);
  }

  @Test
  void t33_applicationCannotReplaceItsIdAfterSystemReady() {
    BootInfo info =
        relyingParty
            .verify(SimulatedIdentity.standard(), GuestFault.APP_ID_AFTER_SYSTEM_READY)
            .bootInfo("", MeasurementPoint.RUNTIME);
    assertThat(info.appId().value()).isEqualTo(SimulatedIdentity.standard().appId());
  }

  @Test
  void guestWithoutKeyProviderHasNone() {
    BootInfo info =
        relyingParty
            .verify(SimulatedIdentity.standard(), GuestFault.WITHOUT_KEY_PROVIDER)
            .bootInfo("", MeasurementPoint.RUNTIME);
    assertThat(info.keyProviderInfo().isEmpty()).isTrue();
  }

  private static void assertVerdict(
      SimulatedIdentity identity, String expected, SimulatedFault fault) {
    if (expected.equals(ACCEPTED)) {
      assertThat(bootInfo(identity, fault).appId().value()).isEqualTo(identity.appId());
      return;
    }
    assertThatThrownBy(() -> bootInfo(identity, fault))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(expected);
  }

  private static BootInfo bootInfo(SimulatedIdentity identity, SimulatedFault fault) {
    return relyingParty.verify(identity, fault).bootInfo("", MeasurementPoint.RUNTIME);
  }
}
