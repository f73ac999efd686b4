package dstack.kms.attest.image.acpi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The arguments with which the program builds the same machine as the host did (17 §5.6). */
final class QemuArguments {
  /** Stands for every disk and for the initial file system: their content does not matter. */
  private static final String DISK = "/bin/sh";

  private final AcpiMachine machine;
  private final List<String> arguments = new ArrayList<>();

  private QemuArguments(AcpiMachine machine) {
    this.machine = machine;
  }

  static List<String> of(AcpiMachine machine, Path firmware, Path kernel) {
    QemuArguments all = new QemuArguments(machine);
    all.base(firmware, kernel);
    all.devices();
    all.board();
    all.accelerators();
    all.switches();
    return List.copyOf(all.arguments);
  }

  private void base(Path firmware, Path kernel) {
    add("-cpu", "qemu64", "-smp", Integer.toString(machine.cpus()), "-m", memory());
    add("-nographic", "-nodefaults", "-serial", "stdio");
    add("-bios", firmware.toString(), "-kernel", kernel.toString(), "-initrd", DISK);
  }

  private void devices() {
    disk("hd1");
    for (int i = 0; i < machine.volumes(); i++) {
      disk("vol" + i);
    }
    for (int i = 0; i < machine.nics(); i++) {
      add("-netdev", "user,id=net" + i, "-device", "virtio-net-pci,netdev=net" + i);
    }
    add("-object", "tdx-guest,id=tdx", "-device", "vhost-vsock-pci,guest-cid=3");
    if (machine.sharesByDisk()) {
      disk("hd2");
    } else {
      add(
          "-virtfs",
          "local,path=/bin,mount_tag=host-shared,readonly=on,security_model=none,id=virtfs0");
    }
    disk("hd0");
  }

  private void board() {
    add(
        "-machine",
        "q35,kernel-irqchip=split,confidential-guest-support=tdx,hpet=off,smm=off,pic="
            + (machine.qemu().pic() ? "on" : "off"));
    if (machine.hugepages()) {
      add("-numa", "node,nodeid=0,cpus=0-" + (machine.cpus() - 1) + ",memdev=mem0", "-object");
      add(
          "memory-backend-file,id=mem0,size="
              + memory()
              + ",mem-path=/dev/hugepages,share=on,prealloc=no,host-nodes=0,policy=bind");
    }
  }

  private void accelerators() {
    if (machine.gpus() > 0) {
      add("-object", "iommufd,id=iommufd0");
      if (machine.hugepages()) {
        add("-device", "pxb-pcie,id=pcie.node0,bus=pcie.0,addr=10,numa_node=0,bus_nr=5");
      }
    }
    for (int port = 0; port < machine.gpus() + machine.switches(); port++) {
      boolean onNode = port < machine.gpus() && machine.hugepages();
      String bus = onNode ? "pcie.node0" : "pcie.0";
      add("-device", "pcie-root-port,id=pci." + port + ",bus=" + bus + ",chassis=" + port);
      add("-device", "vfio-pci,host=00:00.0,bus=pci." + port + ",iommufd=iommufd0");
    }
  }

  private void switches() {
    if (machine.hotplugOff()) {
      add("-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off");
    }
    if (machine.pciHole().signum() > 0) {
      add("-global", "q35-pcihost.pci-hole64-size=0x" + machine.pciHole().toString(16));
    }
  }

  private void disk(String id) {
    add("-drive", "file=" + DISK + ",if=none,id=" + id + ",format=raw,readonly=on");
    add("-device", "virtio-blk-pci,drive=" + id);
  }

  private String memory() {
    return machine.memoryMib() + "M";
  }

  private void add(String... more) {
    arguments.addAll(List.of(more));
  }
}
