package dstack.kms.sim.collateral;

/** The numbers of the simulated TDX module. */
public final class TdxModule {
  /** The module's version, which selects the identity {@code TDX_01}. */
  public static final int VERSION = 1;

  /** The SVN that is up to date. */
  public static final int CURRENT_SVN = 5;

  /** The lowest SVN that the module identity knows; its status is OutOfDate. */
  public static final int OLD_SVN = 4;

  /** The advisory of an old module. */
  public static final String OLD_ADVISORY = "SIMULATED-SA-00021";

  private TdxModule() {}
}
