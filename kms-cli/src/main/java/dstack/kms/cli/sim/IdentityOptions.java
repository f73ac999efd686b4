package dstack.kms.cli.sim;

import dstack.kms.cli.input.HexBytes;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.collateral.SimulatedTcb;
import dstack.kms.sim.container.ContainerVersion;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedIdentity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which simulated guest a command is about; what is not said is as on the standard one. */
final class IdentityOptions {
  @Option(names = "--app-id", paramLabel = "HEX", converter = HexBytes.class)
  private @Nullable Bytes appId;

  @Option(names = "--compose-hash", paramLabel = "HEX", converter = HexBytes.class)
  private @Nullable Bytes composeHash;

  @Option(names = "--instance-id", paramLabel = "HEX", converter = HexBytes.class)
  private @Nullable Bytes instanceId;

  @Option(names = "--os-image-hash", paramLabel = "HEX", converter = HexBytes.class)
  private @Nullable Bytes osImageHash;

  @Option(
      names = "--device",
      paramLabel = "N",
      converter = DeviceNumber.class,
      description = "Number of the simulated machine, from 0.")
  private @Nullable Integer device;

  @Option(
      names = "--tcb",
      paramLabel = "STATUS",
      converter = TcbName.class,
      description = "TCB status that the evidence leads to, for example OutOfDate.")
  private @Nullable SimulatedTcb tcb;

  @Option(
      names = "--key-provider",
      paramLabel = "JSON",
      description = "What the guest measures about its key provider.")
  private @Nullable String keyProvider;

  @Option(
      names = "--container",
      paramLabel = "0|1",
      converter = ContainerNumber.class,
      description = "Version of the container: 0 (SCALE, the default) or 1 (MessagePack).")
  private @Nullable ContainerVersion container;

  /** The guest of that kind that the options describe. */
  SimulatedIdentity identity(PlatformKind kind) {
    SimulatedIdentity standard = SimulatedIdentity.on(kind.usual());
    SimulatedIdentity.Change change =
        standard
            .change()
            .appId(appId == null ? standard.appId() : appId)
            .composeHash(composeHash == null ? standard.composeHash() : composeHash)
            .instanceId(instanceId == null ? standard.instanceId() : instanceId)
            .osImageHash(osImageHash == null ? standard.osImageHash() : osImageHash)
            .device(device == null ? standard.device() : device)
            .tcb(tcb == null ? standard.tcb() : tcb)
            .container(container == null ? standard.container() : container);
    return keyProvider == null ? change.done() : change.keyProvider(keyProvider).done();
  }

  static final class TcbName implements ITypeConverter<SimulatedTcb> {
    @Override
    public SimulatedTcb convert(String text) {
      return SimulatedTcb.ofStatus(text)
          .orElseThrow(() -> new TypeConversionException("no TCB status '" + text + "'"));
    }
  }

  static final class ContainerNumber implements ITypeConverter<ContainerVersion> {
    @Override
    public ContainerVersion convert(String text) {
      return switch (text) {
        case "0" -> ContainerVersion.V0;
        case "1" -> ContainerVersion.V1;
        default -> throw new TypeConversionException("expected 0 or 1, not '" + text + "'");
      };
    }
  }

  static final class DeviceNumber implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (!text.matches("[0-9]{1,6}")) {
        throw new TypeConversionException("expected a number from 0 to 999999");
      }
      return Integer.valueOf(text);
    }
  }
}
