package dstack.kms.attest.image.acpi;

import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.image.measure.MemorySize;
import dstack.kms.attest.image.measure.QemuOptions;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Set;

/**
 * A stated machine whose numbers are bounded: a caller chooses them, and a program gets them.
 *
 * @param cpus 1 to 512
 * @param memoryMib whole MiB
 * @param gpus at most 16
 * @param switches NVSwitch devices, at most 16
 * @param nics at most 16
 * @param volumes read-only volumes, at most 16
 * @param hugepages whether memory is in huge pages
 * @param hotplugOff whether hot plugging is off
 * @param sharesByDisk whether files of the host come on a disk, not over 9p
 * @param pciHole bytes, 0 if it is not set
 * @param qemu the version and what hangs on it
 */
public record AcpiMachine(
    int cpus,
    long memoryMib,
    int gpus,
    int switches,
    int nics,
    int volumes,
    boolean hugepages,
    boolean hotplugOff,
    boolean sharesByDisk,
    BigInteger pciHole,
    QemuOptions qemu) {
  private static final long MAX_CPUS = 512;
  private static final long MAX_DEVICES = 16;
  private static final Set<String> BY_9P = Set.of("", "9p");
  private static final Set<String> BY_DISK = Set.of("vvfat", "vhd");

  /** The machine of a configuration, if tables are made for such. */
  public static AcpiMachine of(VmConfig config) {
    if (config.swtpm()) {
      throw refused("swtpm measurement is not supported");
    }
    if (config.cpuCount() == 0) {
      throw refused("cpuCount must be greater than 0");
    }
    String sharing = config.hostShareMode();
    if (!BY_9P.contains(sharing) && !BY_DISK.contains(sharing)) {
      throw refused("Invalid shared disk mode");
    }
    return new AcpiMachine(
        bounded("cpu_count", config.cpuCount(), MAX_CPUS),
        MemorySize.of(config.memorySize()).bytes() >> 20,
        bounded("num_gpus", config.numGpus(), MAX_DEVICES),
        bounded("num_nvswitches", config.numNvswitches(), MAX_DEVICES),
        bounded("num_nics", config.numNics(), MAX_DEVICES),
        bounded("num_verity_volumes", config.numVerityVolumes(), MAX_DEVICES),
        config.hugepages(),
        config.hotplugOff(),
        BY_DISK.contains(sharing),
        config.pciHole64Size(),
        QemuOptions.of(config));
  }

  private static int bounded(String name, long value, long limit) {
    if (value > limit) {
      throw refused(name + " is larger than " + limit);
    }
    return (int) value;
  }

  private static RefusalException refused(String text) {
    return AcpiRefusal.MACHINE.because(text);
  }
}
