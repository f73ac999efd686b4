package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.collateral.SimulatedTcb;
import dstack.kms.sim.container.PlatformEvidence;
import dstack.kms.sim.fault.SnpChainFault;
import dstack.kms.sim.fault.SnpReportFault;
import dstack.kms.sim.material.SimulatedMaterial;
import dstack.kms.sim.snp.LaunchedMachine;
import dstack.kms.sim.snp.MrConfigText;
import dstack.kms.sim.snp.SnpAuthority;
import dstack.kms.sim.snp.SnpChip;
import dstack.kms.sim.snp.SnpField;
import dstack.kms.sim.snp.SnpImage;
import dstack.kms.sim.snp.SnpReportRecipe;
import dstack.kms.sim.snp.SnpTcb;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A guest on SEV-SNP (specification 16). It measures no runtime events. */
final class SnpGuest implements SimulatedGuest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int VCPUS = 2;
  private static final String VCPU_TYPE = "EPYC-v4";
  private static final long VCPU_SIGNATURE = 0x800f12;
  private static final long FEATURES = 1;

  private final GuestBoot boot;
  private final GuestPlatform.SevSnp platform;
  private final SnpAuthority authority;
  private final SnpChip chip;
  private final SimulatedMaterial material;
  private final MrConfigText mrConfig;
  private final Bytes measurement;

  SnpGuest(GuestBoot boot, GuestPlatform.SevSnp platform) {
    this.boot = boot;
    this.platform = platform;
    authority = boot.platform().snp(platform.product());
    SimulatedIdentity identity = boot.identity();
    chip = SnpChip.of(platform.product(), identity.device());
    SnpImage image = SnpImage.of(identity.osImageHash());
    material = boot.material(SimulatedMaterial.of("measurement.snp.cbor", image.document()));
    mrConfig =
        MrConfigText.of(
            identity.appId(),
            identity.composeHash(),
            identity.instanceId(),
            identity.keyProvider());
    measurement = new LaunchedMachine(image, VCPUS, VCPU_SIGNATURE, FEATURES).measurement();
  }

  @Override
  public Bytes attest(ReportData reportData) {
    SnpReportRecipe recipe =
        new SnpReportRecipe(authority, boot.platform().documents(), chip, SnpTcb.CURRENT)
            .set(SnpField.REPORT_DATA, reportData.value())
            .set(SnpField.MEASUREMENT, measurement)
            .set(SnpField.HOST_DATA, mrConfig.hostData());
    if (identity().tcb() != SimulatedTcb.UP_TO_DATE) {
      recipe.tcb(SnpField.CURRENT_TCB, SnpTcb.CURRENT.withSnp(SnpTcb.CURRENT.snp() + 1));
    }
    boot.faults(SnpReportFault.class).forEach(fault -> fault.applyTo(recipe));
    boot.faults(SnpChainFault.class).forEach(fault -> fault.applyTo(recipe));
    List<Bytes> chain = platform.certified() ? recipe.chain() : List.of();
    return boot.container(
        new PlatformEvidence.SevSnp(recipe.make(), chain, mrConfig.json()),
        List.of(),
        reportData,
        vmConfig());
  }

  @Override
  public String vmConfig() {
    ObjectNode config = VmConfigText.usual(material.osImageHash());
    config.put("mr_config", mrConfig.json());
    material
        .ifShown()
        .ifPresent(shown -> config.put("sev_snp_measurement", measurementText(shown)));
    return JSON.writeValueAsString(config);
  }

  /** The document with what the host decides about each launch. */
  private static String measurementText(SimulatedMaterial material) {
    ObjectNode document = material.into(JSON.createObjectNode());
    document.put("vcpus", VCPUS);
    document.put("vcpu_type", VCPU_TYPE);
    document.put("guest_features", FEATURES);
    return JSON.writeValueAsString(document);
  }

  @Override
  public SimulatedIdentity identity() {
    return boot.identity();
  }

  @Override
  public GuestFacts facts() {
    return new GuestFacts(
        material.osImageHash(),
        identity().composeHash(),
        identity().instanceId(),
        Digests.sha256(chip.id()),
        Digests.sha256(chip.id()),
        Digests.sha256(measurement, mrConfig.hostData()),
        Optional.empty(),
        GuestFacts.NO_LOG);
  }
}
