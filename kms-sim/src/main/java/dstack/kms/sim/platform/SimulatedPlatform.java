package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.collateral.CollateralRecipe;
import dstack.kms.sim.collateral.SimulatedCollateral;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.fault.CollateralFault;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.pki.SimulatedPki;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * A simulated TDX platform whose roots lie in one folder.
 *
 * <p>Every method may be called by several threads, and several processes may open the same folder.
 */
public final class SimulatedPlatform {
  private final SimulatedPki pki;
  private final InstantSource clock;

  private SimulatedPlatform(SimulatedPki pki, InstantSource clock) {
    this.pki = pki;
    this.clock = clock;
  }

  /**
   * Opens the folder, makes the roots if they are not there, and leaves {@code collateral.json} of
   * the present time for verifiers without a network.
   *
   * @throws java.io.UncheckedIOException if the folder cannot be read or made
   */
  public static SimulatedPlatform open(Path folder, InstantSource clock, SecureRandom random) {
    SimulatedPki pki = SimulatedPki.open(folder, clock, random);
    SimulatedPlatform platform = new SimulatedPlatform(pki, clock);
    pki.write("collateral.json", platform.collateral().toJson());
    return platform;
  }

  /** The root certificate in PEM, the only anchor under which the quotes verify. */
  public Path rootCertificateFile() {
    return pki.rootCertificateFile();
  }

  /** The roots themselves. */
  public SimulatedPki pki() {
    return pki;
  }

  /** The time by which the platform goes. */
  public Instant now() {
    return clock.instant();
  }

  /** Boots a guest that has these faults. */
  public SimulatedGuest boot(SimulatedIdentity identity, SimulatedFault... faults) {
    return new SimulatedGuest(pki, clock, identity, List.of(faults));
  }

  /** One attestation of such a guest: the container's raw bytes, not stripped. */
  public Bytes attest(SimulatedIdentity identity, ReportData reportData, SimulatedFault... faults) {
    return boot(identity, faults).attest(reportData);
  }

  /** The collateral for TDX quotes of devices under the Platform CA. */
  public SimulatedCollateral collateral(SimulatedFault... faults) {
    return collateral(TeeKind.TDX, PckAuthority.PLATFORM, faults);
  }

  /** The collateral of the present time; faults that are none of collateral are passed over. */
  public SimulatedCollateral collateral(
      TeeKind kind, PckAuthority authority, SimulatedFault... faults) {
    CollateralRecipe recipe = new CollateralRecipe(pki, kind, authority, clock.instant());
    for (SimulatedFault fault : faults) {
      if (fault instanceof CollateralFault wrong) {
        wrong.applyTo(recipe);
      }
    }
    return recipe.make();
  }
}
