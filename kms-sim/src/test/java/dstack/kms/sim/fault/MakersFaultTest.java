package dstack.kms.sim.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.sim.pccs.PccsFault;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.GuestFacts;
import dstack.kms.sim.platform.GuestPlatform;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.testing.MakersParty;
import dstack.kms.sim.testing.TestPlatform;
import dstack.kms.sim.tpm.AkKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two implementations of specifications 14 to 16 meet: what the simulated makers write is accepted
 * by the product's verifiers, and each way to lie is refused with the code for it. The switches
 * have no default: a fault without an expectation does not compile.
 */
final class MakersFaultTest {
  private static final String ACCEPTED = "";

  @TempDir private static Path folder;
  private static SimulatedPlatform platform;
  private static SimulatedPccs service;

  @BeforeAll
  static void open() throws IOException {
    platform = TestPlatform.in(folder);
    service = SimulatedPccs.serve(0, platform);
  }

  @AfterAll
  static void close() {
    service.close();
  }

  static Stream<GuestPlatform> platforms() {
    return Stream.of(
        new GuestPlatform.Tdx(),
        new GuestPlatform.GcpTdx(AkKind.ECC, false),
        new GuestPlatform.GcpTdx(AkKind.RSA, false),
        new GuestPlatform.Nitro(),
        new GuestPlatform.NitroTpm(),
        new GuestPlatform.SevSnp(SnpProduct.MILAN, true),
        new GuestPlatform.SevSnp(SnpProduct.MILAN, false),
        new GuestPlatform.SevSnp(SnpProduct.GENOA, true),
        new GuestPlatform.SevSnp(SnpProduct.TURIN, false));
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void rightGuestIsAcceptedWithTheIdentityThatItHas(GuestPlatform kind) {
    SimulatedIdentity identity = SimulatedIdentity.on(kind);
    GuestFacts facts = platform.boot(identity).facts();
    try (MakersParty party = MakersParty.trusting(platform)) {
      BootInfo info = party.judge(platform.attest(identity, TestPlatform.REPORT_DATA));
      assertThat(info.appId().value()).isEqualTo(identity.appId());
      assertThat(info.composeHash().value()).isEqualTo(facts.composeHash());
      assertThat(info.osImageHash()).isEqualTo(facts.osImageHash());
      assertThat(info.deviceId()).isEqualTo(facts.deviceId());
      assertThat(info.mrAggregated()).isEqualTo(facts.mrAggregated());
    }
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void t26_productionRootsRefuseEveryGuest(GuestPlatform kind) {
    try (MakersParty party = MakersParty.ofProduction(platform)) {
      assertThat(verdict(party, SimulatedIdentity.on(kind)))
          .isIn(
              "revocation-unknown",
              "nitro-root-mismatch",
              "certificate-issuer-unknown",
              "certificate-signature");
    }
  }

  @ParameterizedTest
  @EnumSource
  void t43_wrongDocumentOfAnEnclaveIsRefused(NsmFault fault) {
    assertVerdict(PlatformKind.NITRO, document(fault), fault);
  }

  private static String document(NsmFault fault) {
    return switch (fault) {
      case OTHER_SIGNATURE, OTHER_SIGNER, ALTERED_AFTER_SIGNING -> "nitro-signature";
      case TRAILING_BYTE -> "nitro-cose-malformed";
      case TRUNCATED -> "cbor-truncated";
      case PAYLOAD_WITH_TRAILING_BYTE, REGISTERS_OF_ANOTHER_NAME -> "nitro-document-malformed";
      case ANOTHER_ALGORITHM, NO_ALGORITHM, UNKNOWN_CRITICAL_HEADER -> "nitro-cose-algorithm";
      case ANOTHER_DIGEST, NO_REGISTERS, SHORT_REGISTER -> "nitro-registers";
      case STALE -> "nitro-document-stale";
      case FROM_THE_FUTURE -> "nitro-document-in-future";
      case OTHER_USER_DATA, NO_USER_DATA -> "nitro-report-data";
      case LEAF_EXPIRED, LEAF_NOT_YET_VALID, ZONAL_EXPIRED, REGIONAL_EXPIRED ->
          "certificate-not-in-force";
      case LEAF_IS_A_CA, LEAF_MAY_SIGN_CERTIFICATES, LEAF_FOR_ANOTHER_PURPOSE, CHAIN_TOO_LONG ->
          "certificate-usage";
      case LEAF_FORGED -> "certificate-signature";
      case FOREIGN_ROOT, BUNDLE_OF_ANOTHER_ROOT -> "nitro-root-mismatch";
      case CHAIN_WITHOUT_ZONAL -> "certificate-issuer-unknown";
    };
  }

  @ParameterizedTest
  @EnumSource
  void t43_wrongDocumentOfANitroTpmIsRefused(NsmFault fault) {
    assertVerdict(PlatformKind.NITRO_TPM, document(fault), fault);
  }

  @ParameterizedTest
  @EnumSource
  void t32_enclaveWithOtherRegistersIsRefused(NsmRegisterFault fault) {
    assertVerdict(PlatformKind.NITRO, enclaveRegister(fault), fault);
  }

  private static String enclaveRegister(NsmRegisterFault fault) {
    return switch (fault) {
      case DEBUG_ENCLAVE, ZERO_IMAGE_REGISTER -> "nitro-enclave-debug";
      case OTHER_ENCLAVE -> "nitro-image-mismatch";
      case WITHOUT_ENCLAVE_REGISTER -> "nitro-register-missing";
      case OTHER_BOOT,
          OTHER_SECURE_BOOT,
          OTHER_COMMAND_LINE,
          WITHOUT_BOOT_REGISTER,
          OTHER_RUNTIME,
          WITHOUT_RUNTIME_REGISTER,
          OTHER_CONFIGURATION ->
          ACCEPTED;
    };
  }

  @ParameterizedTest
  @EnumSource
  void t32_nitroTpmWithOtherRegistersIsRefused(NsmRegisterFault fault) {
    assertVerdict(PlatformKind.NITRO_TPM, tpmRegister(fault), fault);
  }

  private static String tpmRegister(NsmRegisterFault fault) {
    return switch (fault) {
      case DEBUG_ENCLAVE, ZERO_IMAGE_REGISTER, OTHER_ENCLAVE, WITHOUT_ENCLAVE_REGISTER -> ACCEPTED;
      case OTHER_BOOT, OTHER_SECURE_BOOT, OTHER_COMMAND_LINE -> "nitro-image-mismatch";
      case WITHOUT_BOOT_REGISTER, WITHOUT_RUNTIME_REGISTER -> "nitro-register-missing";
      case OTHER_RUNTIME -> "nitrotpm-runtime-register";
      case OTHER_CONFIGURATION -> "nitrotpm-config-register";
    };
  }

  @ParameterizedTest
  @EnumSource
  void t32_wrongReportIsRefused(SnpReportFault fault) {
    assertVerdict(PlatformKind.SEV_SNP, report(fault), fault);
  }

  private static String report(SnpReportFault fault) {
    return switch (fault) {
      case OTHER_SIGNATURE,
          OTHER_SIGNER,
          MEASUREMENT_ALTERED_AFTER_SIGNING,
          REPORT_DATA_ALTERED_AFTER_SIGNING ->
          "snp-report-signature";
      case TRUNCATED, TRAILING_BYTE, RESERVED_BYTE, UNUSED_TCB_BYTE, ANOTHER_SIGNATURE_ALGORITHM ->
          "snp-report-malformed";
      case UNKNOWN_VERSION -> "snp-report-version";
      case UNKNOWN_PROCESSOR -> "snp-product-unknown";
      case FROM_ANOTHER_PRIVILEGE_LEVEL,
          DEBUG,
          WITH_MIGRATION_AGENT,
          POLICY_WITHOUT_RESERVED_BIT,
          CHIP_KEY_MASKED,
          SIGNED_BY_VLEK,
          SMT_NOT_ALLOWED,
          RAPL_NOT_DISABLED,
          CIPHERTEXT_NOT_HIDDEN ->
          "snp-report-policy";
      case OTHER_REPORT_DATA -> "snp-report-data-mismatch";
      case OTHER_HOST_DATA -> "snp-host-data-mismatch";
      case OTHER_MEASUREMENT -> "snp-measurement-mismatch";
      case OTHER_CHIP, NEWER_REPORTED_TCB -> "snp-vcek-mismatch";
    };
  }

  @ParameterizedTest
  @EnumSource
  void t27_wrongChainOfAChipIsRefused(SnpChainFault fault) {
    assertVerdict(PlatformKind.SEV_SNP, chain(fault), fault);
  }

  private static String chain(SnpChainFault fault) {
    return switch (fault) {
      case VCEK_EXPIRED, VCEK_NOT_YET_VALID, ASK_EXPIRED -> "certificate-not-in-force";
      case VCEK_FORGED, FOREIGN_ROOT -> "certificate-signature";
      case ASK_IS_NO_CA -> "certificate-usage";
      case VCEK_OF_AN_OLDER_TCB, VCEK_OF_ANOTHER_CHIP, CHAIN_REVERSED -> "snp-vcek-mismatch";
      // AMD's own say "Milan-B0": the product is checked, the stepping may be any.
      case VCEK_OF_ANOTHER_PRODUCT -> "snp-vcek-mismatch";
      case VCEK_IS_A_VLEK -> "snp-vlek";
      case CHAIN_OF_THREE, CHAIN_OF_THE_VCEK_ALONE -> "snp-certificates";
    };
  }

  @ParameterizedTest
  @EnumSource
  void t43_wrongTpmQuoteIsRefused(TpmQuoteFault fault) {
    assertVerdict(PlatformKind.GCP_TDX, tpmQuote(fault), fault);
  }

  private static String tpmQuote(TpmQuoteFault fault) {
    return switch (fault) {
      case OTHER_MAGIC, OTHER_TYPE, MESSAGE_WITH_TRAILING_BYTE, MESSAGE_TRUNCATED ->
          "vtpm-message-malformed";
      case OTHER_NONCE, SHORT_NONCE -> "vtpm-qualifying-data";
      case SHA1_BANK, WITHOUT_RUNTIME_REGISTER, WITHOUT_FIRMWARE_REGISTER -> "vtpm-pcr-selection";
      case OTHER_SIGNER, OTHER_SIGNATURE -> "vtpm-signature";
      case SIGNATURE_WITH_TRAILING_BYTES -> "vtpm-signature-malformed";
      case REGISTER_ALTERED_AFTER_SIGNING -> "vtpm-pcr-digest";
      case OTHER_FIRMWARE -> "gcp-firmware-unknown";
      case OTHER_IMAGE -> "gcp-uki-hash";
      case EVENT_AFTER_THE_IMAGE, LOG_WITHOUT_REGISTER_2 -> "gcp-boot-sequence";
      case IMAGE_SWAPPED_IN_THE_LOG -> "vtpm-pcr-replay";
      case OTHER_RUNTIME_EVENTS -> "vtpm-runtime-pcr";
      case OTHER_MAKER -> "vtpm-platform";
      case AK_EXPIRED, AK_NOT_YET_VALID -> "certificate-not-in-force";
      case AK_IS_A_CA, AK_FOR_ENCIPHERMENT, AK_FOR_ANOTHER_PURPOSE -> "certificate-usage";
      case AK_FORGED, AK_OF_A_FOREIGN_ISSUER -> "certificate-signature";
    };
  }

  @ParameterizedTest
  @EnumSource
  void wrongMaterialIsRefusedOnGoogleCloud(MaterialFault fault) {
    assertVerdict(PlatformKind.GCP_TDX, gcpMaterial(fault), fault);
  }

  private static String gcpMaterial(MaterialFault fault) {
    return switch (fault) {
      case DOCUMENT_HIDDEN -> "gcp-uki-hash";
      case DOCUMENT_ALTERED -> "image-material-document";
      case CHECKSUM_FILE_ALTERED -> "image-material-hash";
      case DOCUMENT_NOT_LISTED, DOCUMENT_LISTED_TWICE -> "image-checksum-file";
      case IMAGE_OF_ANOTHER_DOCUMENT -> "gcp-uki-hash";
    };
  }

  @ParameterizedTest
  @EnumSource
  void wrongMaterialIsRefusedOnANitroTpm(MaterialFault fault) {
    assertVerdict(PlatformKind.NITRO_TPM, tpmMaterial(fault), fault);
  }

  private static String tpmMaterial(MaterialFault fault) {
    return switch (fault) {
      case DOCUMENT_HIDDEN -> "nitrotpm-image-measurement";
      case DOCUMENT_ALTERED -> "image-material-document";
      case CHECKSUM_FILE_ALTERED -> "image-material-hash";
      case DOCUMENT_NOT_LISTED, DOCUMENT_LISTED_TWICE -> "image-checksum-file";
      case IMAGE_OF_ANOTHER_DOCUMENT -> "nitro-image-mismatch";
    };
  }

  @ParameterizedTest
  @EnumSource
  void wrongMaterialIsRefusedOnSevSnp(MaterialFault fault) {
    assertVerdict(PlatformKind.SEV_SNP, snpMaterial(fault), fault);
  }

  private static String snpMaterial(MaterialFault fault) {
    return switch (fault) {
      case DOCUMENT_HIDDEN -> "snp-vm-config";
      case DOCUMENT_ALTERED -> "image-material-document";
      case CHECKSUM_FILE_ALTERED -> "image-material-hash";
      case DOCUMENT_NOT_LISTED, DOCUMENT_LISTED_TWICE -> "image-checksum-file";
      case IMAGE_OF_ANOTHER_DOCUMENT -> "snp-measurement-mismatch";
    };
  }

  @ParameterizedTest
  @EnumSource
  void t24_wrongListIsRefusedOnEveryPlatform(DocumentFault fault) {
    String expected =
        switch (fault) {
          case LISTS_EXPIRED, LISTS_OF_THE_FUTURE -> "revocation-list-not-in-force";
          case LISTS_FORGED -> "revocation-list-signature";
          case LISTS_OF_ANOTHER_ISSUER -> "revocation-unknown";
          case CERTIFICATES_REVOKED -> "certificate-revoked";
        };
    service.inject(fault);
    try {
      assertVerdict(PlatformKind.GCP_TDX, expected);
      assertVerdict(PlatformKind.NITRO, expected);
      assertVerdict(PlatformKind.NITRO_TPM, expected);
      assertVerdict(PlatformKind.SEV_SNP, expected);
    } finally {
      service.inject();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNAVAILABLE", "TRUNCATED", "GARBAGE", "REDIRECT", "HUGE"})
  void t25_nothingIsAcceptedWithoutTheDocumentsOfIssuers(PccsFault fault) {
    service.misbehave(fault);
    try {
      assertVerdict(PlatformKind.NITRO, "issuer-unavailable");
      assertVerdict(PlatformKind.NITRO_TPM, "issuer-unavailable");
      assertVerdict(PlatformKind.SEV_SNP, "issuer-unavailable");
    } finally {
      service.misbehave(PccsFault.NONE);
    }
  }

  private static void assertVerdict(PlatformKind kind, String expected, SimulatedFault... faults) {
    try (MakersParty party = MakersParty.trusting(platform)) {
      assertThat(verdict(party, SimulatedIdentity.on(kind.usual()), faults)).isEqualTo(expected);
    }
  }

  private static String verdict(
      MakersParty party, SimulatedIdentity identity, SimulatedFault... faults) {
    try {
      party.judge(platform.attest(identity, TestPlatform.REPORT_DATA, faults));
      return ACCEPTED;
    } catch (RefusalException e) {
      return e.code().code();
    }
  }
}
