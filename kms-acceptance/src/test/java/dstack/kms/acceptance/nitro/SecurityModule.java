package dstack.kms.acceptance.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.nitro.EnclaveRegisters;
import dstack.kms.sim.nitro.NsmExchange;
import dstack.kms.sim.nitro.NsmRecipe;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.testkit.DevicePipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The security module behind the double of its device: signs, under the simulated roots of that
 * folder, with the registers that the stand-in for {@code nitro-cli} measured.
 */
final class SecurityModule implements AutoCloseable {
  private final SimulatedPlatform platform;
  private final SimulatedPccs documents;
  private final DevicePipe device;
  private final Path registers;

  SecurityModule(Path roots, Path doubles, Path registers) throws IOException {
    platform = SimulatedPlatform.open(roots, InstantSource.system(), new SecureRandom());
    this.registers = registers;
    documents = SimulatedPccs.serve(0, platform);
    Files.createFile(doubles.resolve("nsm"));
    device =
        new DevicePipe(
            doubles.resolve("nsm.response"), doubles.resolve("nsm.request"), this::answer);
  }

  /** The root under which it signs. */
  Path root() {
    return platform.nitro().rootFile();
  }

  private byte[] answer(byte[] request) {
    NsmRecipe recipe =
        NsmRecipe.ofEnclave(
                platform.nitro(), platform.documents(), 0, EnclaveRegisters.of(Bytes.EMPTY))
            .userData(Optional.of(NsmExchange.userData(Bytes.of(request))));
    List<String> measured = measured();
    for (int i = 0; i < measured.size(); i++) {
      recipe.register(i, Bytes.fromHex(measured.get(i)));
    }
    return NsmExchange.answer(recipe.make()).toArray();
  }

  private List<String> measured() {
    try {
      return Files.readAllLines(registers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    device.close();
    documents.close();
  }
}
