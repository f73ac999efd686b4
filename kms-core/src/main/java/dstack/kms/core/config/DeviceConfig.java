package dstack.kms.core.config;

import dstack.kms.core.bytes.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a native quote source opens: {@code [core.device]} (specification 13). Nothing of it is
 * opened while the guest agent is the source.
 *
 * @param configfs the folder of configfs-tsm in which entries are made
 * @param configfsEntry the one entry to use instead, shared with other programs by {@code flock}
 * @param tdxGuest the TDX guest device
 * @param rtmr the folder of the run-time measurement registers
 * @param qgsConfig the file that names the vsock port of the host's quote service
 * @param qgsAfterConfigfs whether the host's quote service is asked when configfs failed
 * @param nsm the Nitro security module
 * @param sevGuest the SEV-SNP guest device
 * @param tpm the TPM's address; {@code auto} is {@code /dev/tpmrm0} or else {@code /dev/tpm0}
 * @param tpmLog the firmware's boot log of the TPM
 * @param dmi the folder of the machine's DMI texts
 * @param ccel the firmware's boot event log
 * @param runtimeEvents the guest's own event log
 * @param hostShared the folder with the host's {@code .sys-config.json}
 * @param nitroAppId the app id that an enclave claims, 20 bytes
 * @param answerTimeout how long configfs may take to take a request in, and another program to
 *     leave a shared entry
 * @param busyPause the pause before a busy device is asked again
 * @param qgsTimeout how long the host's quote service may take in all
 * @param tpmTimeout how long the TPM may take for one command
 */
public record DeviceConfig(
    Path configfs,
    Optional<Path> configfsEntry,
    Path tdxGuest,
    Path rtmr,
    Path qgsConfig,
    boolean qgsAfterConfigfs,
    Path nsm,
    Path sevGuest,
    String tpm,
    Path tpmLog,
    Path dmi,
    Path ccel,
    Path runtimeEvents,
    Path hostShared,
    Optional<Bytes> nitroAppId,
    Duration answerTimeout,
    Duration busyPause,
    Duration qgsTimeout,
    Duration tpmTimeout) {

  static DeviceConfig read(Section device) {
    Path sys = Path.of("/sys");
    Path dev = Path.of("/dev");
    return new DeviceConfig(
        device.paths().absolute("configfs", sys.resolve("kernel/config/tsm/report")),
        Optional.of(
                device
                    .paths()
                    .absolute("configfs_entry", Path.of(""), "DCAP_TDX_QUOTE_CONFIGFS_PATH"))
            .filter(path -> !path.toString().isEmpty()),
        device.paths().absolute("tdx_guest", dev.resolve("tdx_guest")),
        device
            .paths()
            .absolute(
                "rtmr",
                sys.resolve("devices/virtual/misc/tdx_guest/measurements"),
                "DCAP_TDX_RTMR_SYSFS_PATH"),
        device.paths().absolute("qgs_config", Path.of("/etc/tdx-attest.conf")),
        device.flag("qgs_after_configfs", false),
        device.paths().absolute("nsm", dev.resolve("nsm")),
        device.paths().absolute("sev_guest", dev.resolve("sev-guest")),
        device.text("tpm", "auto"),
        device
            .paths()
            .absolute("tpm_log", sys.resolve("kernel/security/tpm0/binary_bios_measurements")),
        device.paths().absolute("dmi", sys.resolve("class/dmi/id")),
        device
            .paths()
            .absolute("ccel", sys.resolve("firmware/acpi/tables/data/CCEL"), "DSTACK_CCEL_FILE"),
        device.paths().absolute("runtime_events", Path.of("/run/log/dstack/runtime_events.log")),
        device
            .paths()
            .absolute("host_shared", Path.of("/dstack/.host-shared"), "DSTACK_HOST_SHARED_DIR"),
        device.hex().optional("nitro_app_id", 20),
        device.deadline("answer_timeout", Duration.ofSeconds(5)),
        device.deadline("busy_pause", Duration.ofSeconds(10)),
        device.deadline("qgs_timeout", Duration.ofSeconds(30)),
        device.deadline("tpm_timeout", Duration.ofSeconds(60)));
  }
}
