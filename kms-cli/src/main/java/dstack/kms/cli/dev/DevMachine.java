package dstack.kms.cli.dev;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** One simulated machine: a guest with its agent, and the folder of the server on it. */
final class DevMachine implements AutoCloseable {
  /** The kernel takes socket paths of at most 107 bytes. */
  private static final int LONGEST_SOCKET_PATH = 100;

  private static final int INSTANCE_ID = 20;

  private final Path folder;
  private final SimulatedGuest guest;
  private final Path socketFolder;
  private final AgentSocket agent;

  private DevMachine(Path folder, SimulatedGuest guest) throws IOException {
    this.folder = folder;
    this.guest = guest;
    socketFolder = socketFolder(folder);
    agent = AgentSocket.serve(socketFolder.resolve("agent.sock"), guest);
  }

  /** Boots the machine of that number, from 1, each with a device and an instance of its own. */
  static DevMachine boot(Path folder, SimulatedPlatform platform, PlatformKind kind, int number) {
    try {
      Files.createDirectories(folder);
      return new DevMachine(folder, platform.boot(identity(kind, number)));
    } catch (IOException e) {
      throw DevRefusal.FOLDER.because("cannot use the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The first machine is the one that runs when nothing else is said. */
  private static SimulatedIdentity identity(PlatformKind kind, int number) {
    SimulatedIdentity standard = SimulatedIdentity.on(kind.usual());
    if (number == 1) {
      return standard;
    }
    Bytes name = Bytes.utf8(String.format(Locale.ROOT, "SIMULATED instance %d", number));
    return standard
        .change()
        .instanceId(Digests.sha256(name).slice(0, INSTANCE_ID))
        .device(number - 1)
        .done();
  }

  SimulatedGuest guest() {
    return guest;
  }

  /** Where the server keeps its keys. */
  Path certificates() {
    return folder.resolve("certs");
  }

  /** Whether a server was set up here before. */
  boolean hasKeys() {
    return Files.exists(certificates().resolve("root-ca.key"));
  }

  Path images() {
    return folder.resolve("images");
  }

  /** Where the guest agent listens. */
  String agentAddress() {
    return agent.address();
  }

  @Override
  public void close() {
    try {
      agent.close();
      if (!socketFolder.equals(folder)) {
        Files.deleteIfExists(socketFolder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path socketFolder(Path folder) throws IOException {
    boolean fits = folder.resolve("agent.sock").toString().length() <= LONGEST_SOCKET_PATH;
    return fits ? folder : Files.createTempDirectory("kms-dev");
  }
}
