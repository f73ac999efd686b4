package dstack.kms.sim.fault;

import dstack.kms.sim.collateral.SimulatedTcb;
import dstack.kms.sim.pccs.PccsFault;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.testkit.Vectors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How the platforms are made to lie for each cell of the table of platforms. */
final class PlatformLies {
  /** A cell's row and column. */
  record Place(String check, String platform) {}

  private final Map<Place, List<Lie>> lies = new LinkedHashMap<>();

  private PlatformLies() {}

  static Map<Place, List<Lie>> all() {
    PlatformLies made = new PlatformLies();
    made.signatures();
    made.certificates();
    made.lists();
    made.statements();
    made.content();
    made.events();
    made.images();
    made.bytes();
    return Map.copyOf(made.lies);
  }

  private void signatures() {
    everywhere("the root is the vendor's", new Lie.RootOfAnother());
    row("evidence signed")
        .tdx(QuoteFault.OTHER_ATTESTATION_KEY, QuoteFault.REPORT_DATA_PATCHED_AFTER_SIGNING)
        .gcp(TpmQuoteFault.OTHER_SIGNER, TpmQuoteFault.OTHER_SIGNATURE)
        .amazon(NsmFault.OTHER_SIGNATURE, NsmFault.OTHER_SIGNER, NsmFault.ALTERED_AFTER_SIGNING)
        .snp(SnpReportFault.OTHER_SIGNATURE, SnpReportFault.MEASUREMENT_ALTERED_AFTER_SIGNING);
    row("signing key vouched for")
        .tdx(QuoteFault.OTHER_PCK_KEY, QuoteFault.ATTESTATION_KEY_NOT_VOUCHED_FOR);
    row("algorithm as agreed")
        .tdx(QuoteFault.P384_KEY_TYPE)
        .gcp(TpmQuoteFault.SHA1_BANK)
        .amazon(NsmFault.ANOTHER_ALGORITHM, NsmFault.NO_ALGORITHM, NsmFault.ANOTHER_DIGEST)
        .snp(SnpReportFault.ANOTHER_SIGNATURE_ALGORITHM);
  }

  private void certificates() {
    row("certificates lead to the root")
        .tdx(CertificateFault.FOREIGN_ROOT, CertificateFault.CHAIN_OF_THE_LEAF_ALONE)
        .gcp(TpmQuoteFault.AK_FORGED, TpmQuoteFault.AK_OF_A_FOREIGN_ISSUER)
        .amazon(NsmFault.LEAF_FORGED, NsmFault.CHAIN_WITHOUT_ZONAL)
        .snp(
            SnpChainFault.VCEK_FORGED,
            SnpChainFault.FOREIGN_ROOT,
            SnpChainFault.CHAIN_OF_THE_VCEK_ALONE);
    row("certificate for this use")
        .tdx(CertificateFault.PCK_IS_A_CA, CertificateFault.INTERMEDIATE_IS_NO_CA)
        .gcp(TpmQuoteFault.AK_IS_A_CA, TpmQuoteFault.AK_FOR_ENCIPHERMENT)
        .amazon(NsmFault.LEAF_IS_A_CA, NsmFault.LEAF_FOR_ANOTHER_PURPOSE)
        .snp(SnpChainFault.ASK_IS_NO_CA, SnpChainFault.VCEK_IS_A_VLEK);
    row("certificate in force")
        .tdx(
            CertificateFault.PCK_EXPIRED,
            CertificateFault.PCK_NOT_YET_VALID,
            CertificateFault.INTERMEDIATE_EXPIRED)
        .gcp(TpmQuoteFault.AK_EXPIRED, TpmQuoteFault.AK_NOT_YET_VALID)
        .amazon(NsmFault.LEAF_EXPIRED, NsmFault.LEAF_NOT_YET_VALID, NsmFault.REGIONAL_EXPIRED)
        .snp(
            SnpChainFault.VCEK_EXPIRED,
            SnpChainFault.VCEK_NOT_YET_VALID,
            SnpChainFault.ASK_EXPIRED);
  }

  private void lists() {
    row("certificate not revoked")
        .tdx(CollateralFault.REVOKED_PCK, CollateralFault.REVOKED_INTERMEDIATE)
        .vendors(DocumentFault.CERTIFICATES_REVOKED);
    row("revocation list there")
        .tdx(CollateralFault.PCK_CRL_IS_THE_ROOT_CRL)
        .vendors(DocumentFault.LISTS_OF_ANOTHER_ISSUER)
        .add(
            new Lie.Service(PccsFault.UNAVAILABLE),
            PlatformKind.GCP_TDX,
            PlatformKind.NITRO,
            PlatformKind.NITRO_TPM,
            PlatformKind.SEV_SNP);
    row("revocation list in force")
        .tdx(CollateralFault.EXPIRED_PCK_CRL, CollateralFault.EXPIRED_ROOT_CRL)
        .vendors(DocumentFault.LISTS_EXPIRED, DocumentFault.LISTS_OF_THE_FUTURE);
    row("revocation list signed")
        .tdx(CollateralFault.FORGED_PCK_CRL, CollateralFault.FORGED_ROOT_CRL)
        .vendors(DocumentFault.LISTS_FORGED);
  }

  private void statements() {
    row("vendor's statement in force")
        .tdx(
            CollateralFault.EXPIRED_TCB_INFO,
            CollateralFault.FUTURE_TCB_INFO,
            CollateralFault.EXPIRED_QE_IDENTITY);
    row("vendor's statement signed")
        .tdx(
            CollateralFault.TCB_INFO_ALTERED_AFTER_SIGNING,
            CollateralFault.QE_IDENTITY_ALTERED_AFTER_SIGNING);
    row("platform's versions")
        .tdx(
            QuoteFault.BELOW_EVERY_TCB_LEVEL,
            QuoteFault.TDX_MODULE_OF_UNKNOWN_VERSION,
            QuoteFault.QE_TOO_OLD)
        .add(new Lie.Status(SimulatedTcb.REVOKED), PlatformKind.TDX, PlatformKind.GCP_TDX)
        .snp(SnpChainFault.VCEK_OF_AN_OLDER_TCB, SnpReportFault.NEWER_REPORTED_TCB);
    row("evidence is recent").amazon(NsmFault.STALE, NsmFault.FROM_THE_FUTURE);
  }

  private void content() {
    row("evidence says its platform")
        .add(new Lie.Fault(QuoteFault.SGX_TEE_TYPE), PlatformKind.TDX)
        .gcp(TpmQuoteFault.OTHER_MAKER)
        .amazon(NsmFault.REGISTERS_OF_ANOTHER_NAME)
        .snp(SnpReportFault.UNKNOWN_PROCESSOR);
    row("no debugging")
        .tdx(new TdAttributeBit(0))
        .add(new Lie.Fault(NsmRegisterFault.DEBUG_ENCLAVE), PlatformKind.NITRO)
        .snp(SnpReportFault.DEBUG);
    row("guest's other attributes")
        .tdx(new TdAttributeBit(1), new TdAttributeBit(28))
        .snp(SnpReportFault.WITH_MIGRATION_AGENT, SnpReportFault.FROM_ANOTHER_PRIVILEGE_LEVEL);
    row("report data bound")
        .tdx(ContainerFault.SWAPPED_REPORT_DATA)
        .gcp(TpmQuoteFault.OTHER_NONCE, TpmQuoteFault.SHORT_NONCE)
        .amazon(NsmFault.OTHER_USER_DATA, NsmFault.NO_USER_DATA, ContainerFault.SWAPPED_REPORT_DATA)
        .snp(SnpReportFault.OTHER_REPORT_DATA, ContainerFault.SWAPPED_REPORT_DATA);
    row("registers complete")
        .gcp(TpmQuoteFault.WITHOUT_RUNTIME_REGISTER, TpmQuoteFault.WITHOUT_FIRMWARE_REGISTER)
        .add(new Lie.Fault(NsmRegisterFault.WITHOUT_ENCLAVE_REGISTER), PlatformKind.NITRO)
        .add(new Lie.Fault(NsmRegisterFault.WITHOUT_BOOT_REGISTER), PlatformKind.NITRO_TPM)
        .add(new Lie.Fault(NsmRegisterFault.WITHOUT_RUNTIME_REGISTER), PlatformKind.NITRO_TPM);
    row("configuration bound")
        .add(new Lie.Fault(NsmRegisterFault.OTHER_CONFIGURATION), PlatformKind.NITRO_TPM)
        .snp(SnpReportFault.OTHER_HOST_DATA);
  }

  private void events() {
    row("runtime events measured")
        .tdx(ContainerFault.ALTERED_APP_ID, ContainerFault.DROPPED_RUNTIME_EVENT)
        .gcp(TpmQuoteFault.OTHER_RUNTIME_EVENTS)
        .amazon(ContainerFault.APPENDED_RUNTIME_EVENT)
        .add(new Lie.Fault(NsmRegisterFault.OTHER_RUNTIME), PlatformKind.NITRO_TPM)
        .add(new Lie.Fault(ContainerFault.ALTERED_APP_ID), PlatformKind.NITRO_TPM);
    row("identity said once")
        .tdx(GuestFault.SECOND_APP_ID, GuestFault.COLON_IN_EVENT_NAME)
        .add(new Lie.Fault(ContainerFault.APPENDED_RUNTIME_EVENT), PlatformKind.NITRO)
        .add(new Lie.Fault(GuestFault.SECOND_APP_ID), PlatformKind.NITRO_TPM);
    row("logs agree with registers")
        .tdx(ContainerFault.ALTERED_BOOT_EVENT, ContainerFault.DROPPED_BOOT_EVENT)
        .gcp(TpmQuoteFault.IMAGE_SWAPPED_IN_THE_LOG, TpmQuoteFault.REGISTER_ALTERED_AFTER_SIGNING);
  }

  private void images() {
    row("image's document is the image's")
        .add(
            new Lie.ClaimsTdxImage(realImage(json -> json.put("os_image_hash", OTHER))),
            PlatformKind.TDX)
        .material(
            MaterialFault.CHECKSUM_FILE_ALTERED,
            MaterialFault.DOCUMENT_ALTERED,
            MaterialFault.DOCUMENT_NOT_LISTED,
            MaterialFault.DOCUMENT_LISTED_TWICE,
            MaterialFault.DOCUMENT_HIDDEN);
    row("claimed image is the measured one")
        .add(new Lie.ClaimsTdxImage(realImage(json -> json)), PlatformKind.TDX)
        .add(new Lie.ClaimsTdxImage(""), PlatformKind.TDX)
        .gcp(
            TpmQuoteFault.OTHER_IMAGE,
            TpmQuoteFault.OTHER_FIRMWARE,
            TpmQuoteFault.EVENT_AFTER_THE_IMAGE)
        .material(MaterialFault.IMAGE_OF_ANOTHER_DOCUMENT)
        .add(new Lie.Fault(NsmRegisterFault.OTHER_ENCLAVE), PlatformKind.NITRO)
        .add(new Lie.Fault(NsmRegisterFault.OTHER_BOOT), PlatformKind.NITRO_TPM)
        .add(new Lie.Fault(NsmRegisterFault.OTHER_COMMAND_LINE), PlatformKind.NITRO_TPM)
        .snp(SnpReportFault.OTHER_MEASUREMENT);
  }

  private static final String OTHER = "ab".repeat(32);

  /** What a real guest of a published image says about it. */
  private static String realImage(UnaryOperator<ObjectNode> change) {
    String config =
        Vectors.json("platforms/os-image/tdx-lite-getquote.json").get("vm_config").stringValue();
    return change.apply((ObjectNode) JsonMapper.shared().readTree(config)).toString();
  }

  private void bytes() {
    row("evidence well-formed")
        .tdx(QuoteFault.UNKNOWN_VERSION)
        .add(new Lie.Fault(QuoteFault.TRUNCATED), PlatformKind.TDX)
        .gcp(
            TpmQuoteFault.MESSAGE_WITH_TRAILING_BYTE,
            TpmQuoteFault.MESSAGE_TRUNCATED,
            TpmQuoteFault.SIGNATURE_WITH_TRAILING_BYTES)
        .amazon(NsmFault.TRAILING_BYTE, NsmFault.PAYLOAD_WITH_TRAILING_BYTE, NsmFault.TRUNCATED)
        .snp(
            SnpReportFault.TRAILING_BYTE,
            SnpReportFault.TRUNCATED,
            SnpReportFault.RESERVED_BYTE,
            SnpReportFault.UNKNOWN_VERSION);
    everywhere("container without trailing bytes", new Lie.Fault(ContainerFault.TRAILING_BYTE));
  }

  private void everywhere(String check, Lie lie) {
    row(check).add(lie, PlatformKind.values());
  }

  private Row row(String check) {
    return new Row(check);
  }

  /** Collects the lies of one row. */
  private final class Row {
    private final String check;

    Row(String check) {
      this.check = check;
    }

    /** Google's guests run in trust domains too. */
    Row tdx(SimulatedFault... faults) {
      return every(faults, PlatformKind.TDX, PlatformKind.GCP_TDX);
    }

    Row gcp(SimulatedFault... faults) {
      return every(faults, PlatformKind.GCP_TDX);
    }

    Row amazon(SimulatedFault... faults) {
      return every(faults, PlatformKind.NITRO, PlatformKind.NITRO_TPM);
    }

    Row snp(SimulatedFault... faults) {
      return every(faults, PlatformKind.SEV_SNP);
    }

    /** The vendors whose documents are fetched one by one. */
    Row vendors(SimulatedFault... faults) {
      return gcp(faults).amazon(faults).snp(faults);
    }

    /** The platforms whose host hands over a document about the image. */
    Row material(SimulatedFault... faults) {
      return every(faults, PlatformKind.GCP_TDX, PlatformKind.NITRO_TPM, PlatformKind.SEV_SNP);
    }

    private Row every(SimulatedFault[] faults, PlatformKind... kinds) {
      Stream.of(faults).map(Lie.Fault::new).forEach(lie -> add(lie, kinds));
      return this;
    }

    Row add(Lie lie, PlatformKind... kinds) {
      for (PlatformKind kind : kinds) {
        lies.merge(
            new Place(check, kind.word()),
            List.of(lie),
            (before, one) -> Stream.concat(before.stream(), one.stream()).toList());
      }
      return this;
    }
  }
}
