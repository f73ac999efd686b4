package dstack.kms.sim.collateral;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A TCB status that a simulated quote can have, best first, with the SVN that leads to it.
 *
 * <p>The SVN is the third byte of {@code tee_tcb_svn}, the TDX late microcode. The first two bytes
 * are the SVN and the version of the TDX module, which is up to date.
 */
public enum SimulatedTcb {
  UP_TO_DATE("UpToDate", 7),
  SW_HARDENING_NEEDED("SWHardeningNeeded", 6, "SIMULATED-SA-00006"),
  CONFIGURATION_NEEDED("ConfigurationNeeded", 5, "SIMULATED-SA-00005"),
  CONFIGURATION_AND_SW_HARDENING_NEEDED(
      "ConfigurationAndSWHardeningNeeded", 4, "SIMULATED-SA-00005", "SIMULATED-SA-00006"),
  OUT_OF_DATE("OutOfDate", 3, "SIMULATED-SA-00003", "SIMULATED-SA-00004"),
  OUT_OF_DATE_CONFIGURATION_NEEDED(
      "OutOfDateConfigurationNeeded", 2, "SIMULATED-SA-00003", "SIMULATED-SA-00005"),
  REVOKED("Revoked", 1, "SIMULATED-SA-00001");

  private final String status;
  private final int svn;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<String> advisoryIds;

  SimulatedTcb(String status, int svn, String... advisoryIds) {
    this.status = status;
    this.svn = svn;
    this.advisoryIds = List.of(advisoryIds);
  }

  /** The status as TCB info spells it. */
  public String status() {
    return status;
  }

  /** The advisories of that level, in the order of the TCB info. */
  public List<String> advisoryIds() {
    return advisoryIds;
  }

  /** The 16 bytes {@code tee_tcb_svn} of a quote that has this status. */
  public Bytes teeTcbSvn() {
    return teeTcbSvn(TdxModule.CURRENT_SVN, TdxModule.VERSION, svn);
  }

  /** The bytes {@code tee_tcb_svn} for a TDX module and a microcode of these numbers. */
  public static Bytes teeTcbSvn(int moduleSvn, int moduleVersion, int microcode) {
    return Bytes.of(new byte[] {(byte) moduleSvn, (byte) moduleVersion, (byte) microcode})
        .paddedTo(16);
  }

  int svn() {
    return svn;
  }

  /** The status of that name. */
  public static Optional<SimulatedTcb> ofStatus(String name) {
    return Stream.of(values()).filter(tcb -> tcb.status.equals(name)).findFirst();
  }
}
