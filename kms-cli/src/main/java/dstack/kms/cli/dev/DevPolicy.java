package dstack.kms.cli.dev;

import dstack.kms.sim.platform.SimulatedGuest;
import java.util.List;
import java.util.Map;

/** Who decides in a development fleet, and how that is changed while it runs. */
interface DevPolicy {
  /** The settings with which a server asks it. */
  Map<String, String> settings();

  /** Where it is, for a person. */
  String words();

  /** What a person may want to type to change it. */
  default List<String> hints() {
    return List.of();
  }

  /**
   * Allows one machine more to be a KMS.
   *
   * @return the block in which it is allowed; zero where there is no chain
   */
  long admit(SimulatedGuest guest);

  /**
   * Allows it no more.
   *
   * @return the block in which it is not; zero where there is no chain
   */
  long withdraw(SimulatedGuest guest);
}
