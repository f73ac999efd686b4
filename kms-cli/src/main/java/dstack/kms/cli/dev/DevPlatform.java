package dstack.kms.cli.dev;

import dstack.kms.sim.platform.SimulatedPlatform;
import java.nio.file.Path;

/** The kinds of platform that can be simulated, named as on the command line. */
enum DevPlatform {
  /** Intel TDX. */
  tdx;

  SimulatedPlatform open(Path folder, DevClock time) {
    return switch (this) {
      case tdx -> SimulatedPlatform.open(folder, time.clock(), time.random());
    };
  }
}
