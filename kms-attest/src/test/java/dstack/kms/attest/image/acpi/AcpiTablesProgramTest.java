package dstack.kms.attest.image.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.image.measure.AcpiDigests;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program's double is a shell script. */
final class AcpiTablesProgramTest {
  private static final Path FIRMWARE = Path.of("/images/x/ovmf.fd");
  private static final Path KERNEL = Path.of("/images/x/bzImage");

  @TempDir private Path folder;

  private static AcpiMachine machine(String json) {
    return AcpiMachine.of(VmConfig.parse(json));
  }

  private static String arguments(String json) {
    return String.join(" ", QemuArguments.of(machine(json), FIRMWARE, KERNEL));
  }

  private AcpiTablesProgram program(String script, int seconds) throws IOException {
    return new AcpiTablesProgram(script(script), Duration.ofSeconds(seconds));
  }

  private Path script(String script) throws IOException {
    Path file = Files.writeString(folder.resolve("program"), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void describesTheSmallestMachine() {
    assertThat(arguments("{\"cpu_count\":2,\"memory_size\":2147483648}"))
        .isEqualTo(
            "-cpu qemu64 -smp 2 -m 2048M -nographic -nodefaults -serial stdio"
                + " -bios /images/x/ovmf.fd -kernel /images/x/bzImage -initrd /bin/sh"
                + " -drive file=/bin/sh,if=none,id=hd1,format=raw,readonly=on"
                + " -device virtio-blk-pci,drive=hd1"
                + " -netdev user,id=net0 -device virtio-net-pci,netdev=net0"
                + " -object tdx-guest,id=tdx -device vhost-vsock-pci,guest-cid=3"
                + " -virtfs local,path=/bin,mount_tag=host-shared,readonly=on,"
                + "security_model=none,id=virtfs0"
                + " -drive file=/bin/sh,if=none,id=hd0,format=raw,readonly=on"
                + " -device virtio-blk-pci,drive=hd0"
                + " -machine q35,kernel-irqchip=split,confidential-guest-support=tdx,hpet=off,"
                + "smm=off,pic=off");
  }

  @Test
  void describesAMachineWithEverything() {
    assertThat(
            arguments(
                """
                {"cpu_count":8,"memory_size":17179869184,"qemu_version":"8.2.2","hugepages":true,
                 "num_gpus":1,"num_nvswitches":1,"num_nics":2,"num_verity_volumes":1,
                 "hotplug_off":true,"host_share_mode":"vhd","pci_hole64_size":2199023255552}
                """))
        .contains(
            "id=hd1,format=raw,readonly=on -device virtio-blk-pci,drive=hd1"
                + " -drive file=/bin/sh,if=none,id=vol0,format=raw,readonly=on"
                + " -device virtio-blk-pci,drive=vol0"
                + " -netdev user,id=net0 -device virtio-net-pci,netdev=net0"
                + " -netdev user,id=net1 -device virtio-net-pci,netdev=net1 -object tdx-guest")
        .contains(
            "guest-cid=3 -drive file=/bin/sh,if=none,id=hd2,format=raw,readonly=on"
                + " -device virtio-blk-pci,drive=hd2 -drive file=/bin/sh,if=none,id=hd0")
        .endsWith(
            "smm=off,pic=on -numa node,nodeid=0,cpus=0-7,memdev=mem0"
                + " -object memory-backend-file,id=mem0,size=16384M,mem-path=/dev/hugepages,"
                + "share=on,prealloc=no,host-nodes=0,policy=bind"
                + " -object iommufd,id=iommufd0"
                + " -device pxb-pcie,id=pcie.node0,bus=pcie.0,addr=10,numa_node=0,bus_nr=5"
                + " -device pcie-root-port,id=pci.0,bus=pcie.node0,chassis=0"
                + " -device vfio-pci,host=00:00.0,bus=pci.0,iommufd=iommufd0"
                + " -device pcie-root-port,id=pci.1,bus=pcie.0,chassis=1"
                + " -device vfio-pci,host=00:00.0,bus=pci.1,iommufd=iommufd0"
                + " -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"
                + " -global q35-pcihost.pci-hole64-size=0x20000000000");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"swtpm\":true', swtpm measurement is not supported",
    "'\"cpu_count\":0', cpuCount must be greater than 0",
    "'\"cpu_count\":513', cpu_count is larger than 512",
    "'\"cpu_count\":4294967295', cpu_count is larger than 512",
    "'\"cpu_count\":1,\"num_gpus\":17', num_gpus is larger than 16",
    "'\"cpu_count\":1,\"num_nvswitches\":17', num_nvswitches is larger than 16",
    "'\"cpu_count\":1,\"num_nics\":17', num_nics is larger than 16",
    "'\"cpu_count\":1,\"num_verity_volumes\":17', num_verity_volumes is larger than 16",
    "'\"cpu_count\":1,\"host_share_mode\":\"x,y\"', Invalid shared disk mode",
    "'\"cpu_count\":1,\"memory_size\":0', memory_size is out of range",
    "'\"cpu_count\":1,\"memory_size\":18446744073709551615', memory_size is out of range",
    "'\"cpu_count\":1,\"qemu_version\":\"7.2.0\"', Unsupported QEMU version",
    "'\"cpu_count\":1,\"qemu_version\":\"9.1\"', Invalid QEMU version",
    "'\"cpu_count\":1,\"qemu_version\":\"9.1.x\"', Invalid QEMU version",
    "'\"cpu_count\":1,\"qemu_version\":\"9.1.0;rm\"', Invalid QEMU version",
    "'\"cpu_count\":1,\"qemu_version\":\"9.1.99999999999\"', Invalid QEMU version"
  })
  void refusesAMachineBeforeAnythingRuns(String field, String text) {
    String memory = field.contains("memory_size") ? "" : "\"memory_size\":2147483648,";
    String json = "{" + memory + field + "}";

    assertThatThrownBy(() -> machine(json)).isInstanceOf(RefusalException.class).hasMessage(text);
  }

  @Test
  void takesTheLargestMachine() {
    AcpiMachine largest =
        machine(
            """
            {"cpu_count":512,"memory_size":4503599627370496,"num_gpus":16,"num_nvswitches":16,
             "num_nics":16,"num_verity_volumes":16}
            """);

    assertThat(QemuArguments.of(largest, FIRMWARE, KERNEL)).hasSizeLessThan(300);
  }

  @Test
  void hashesWhatTheProgramWrites() throws IOException {
    Path tables = Files.write(folder.resolve("tables"), Tables.all().toArray());
    Path seen = folder.resolve("seen");
    String script =
        "{ echo \"$#\"; echo \"$QEMU_ACPI_COMPAT_VER\"; env; pwd; cat; } > "
            + seen
            + "; echo noise >&2; cat "
            + tables;

    assertThat(
            program("PATH=/usr/bin:/bin; " + script, 60)
                .digests(machine("{\"cpu_count\":1,\"memory_size\":2147483648}"), FIRMWARE, KERNEL))
        .isEqualTo(Tables.DIGESTS);
    List<String> lines = Files.readAllLines(seen);
    assertThat(lines.subList(0, 2)).containsExactly("36", "9.1.0");
    assertThat(lines).noneMatch(line -> line.startsWith("HOME=") || line.startsWith("KMS_"));
    assertThat(lines.getLast()).isEqualTo("/");
  }

  @ParameterizedTest
  @CsvSource({
    "exit 3, 60, ended with status 3",
    "echo short, 60, wrote no tables",
    "exec /bin/cat /dev/zero, 60, wrote more than 1 MiB",
    "exec /bin/sleep 1000, 1, did not end in time",
    "/bin/sleep 1000 & exec >&- ; wait, 1, did not end in time"
  })
  void refusesAProgramThatMisbehaves(String script, int seconds, String text) throws IOException {
    AcpiTablesProgram program = program(script, seconds);

    assertThatThrownBy(
            () ->
                program.digests(
                    machine("{\"cpu_count\":1,\"memory_size\":2147483648}"), FIRMWARE, KERNEL))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining(text);
  }

  @Test
  @Timeout(60)
  void refusesAThirdRunBesideTwoAndTakesItAfterThem() throws Exception {
    Path tables = Files.write(folder.resolve("tables"), Tables.all().toArray());
    Path started = Files.createFile(folder.resolve("started"));
    Path go = folder.resolve("go");
    String script =
        "echo x >> %s; while [ ! -e %s ]; do /bin/sleep 0.05; done; exec /bin/cat %s"
            .formatted(started, go, tables);
    Path file = script(script);
    AcpiTablesProgram program = new AcpiTablesProgram(file, Duration.ofSeconds(60), Duration.ZERO);
    AcpiMachine machine = machine("{\"cpu_count\":1,\"memory_size\":2147483648}");
    Callable<AcpiDigests> run = () -> program.digests(machine, FIRMWARE, KERNEL);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<AcpiDigests>> two = List.of(threads.submit(run), threads.submit(run));
      while (Files.readAllLines(started).size() < 2) {
        Thread.onSpinWait();
      }

      assertThatThrownBy(run::call)
          .isInstanceOfSatisfying(
              RefusalException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(AcpiRefusal.PROGRAM))
          .hasMessage("the ACPI tables program is at work for other guests, try again later");
      assertThat(Files.readAllLines(started)).hasSize(2);
      Files.createFile(go);
      for (Future<AcpiDigests> each : two) {
        assertThat(each.get()).isEqualTo(Tables.DIGESTS);
      }
    }
    assertThat(run.call()).isEqualTo(Tables.DIGESTS);
  }

  @Test
  void refusesAProgramThatIsNotThere() {
    AcpiTablesProgram program =
        new AcpiTablesProgram(folder.resolve("none"), Duration.ofSeconds(1));

    assertThatThrownBy(
            () ->
                program.digests(
                    machine("{\"cpu_count\":1,\"memory_size\":2147483648}"), FIRMWARE, KERNEL))
        .hasMessage("the ACPI tables program cannot be started");
  }
}
