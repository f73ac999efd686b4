package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.collateral.CollateralRecipe;
import dstack.kms.sim.collateral.SimulatedCollateral;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.fault.CollateralFault;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.nitro.NitroAuthority;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.pki.SimulatedPki;
import dstack.kms.sim.snp.SnpAuthority;
import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.tpm.TpmAuthority;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A simulated platform of every kind, all of whose roots lie in one folder. Those of TDX are made
 * when it is opened, the others when they are first needed.
 *
 * <p>Every method may be called by several threads, and several processes may open the same folder.
 */
public final class SimulatedPlatform {
  /** The port of the platform's services when none is chosen. */
  public static final int DEFAULT_PORT = 8081;

  private final Path folder;
  private final SimulatedPki pki;
  private final InstantSource clock;
  private final SecureRandom random;
  private volatile int port = DEFAULT_PORT;

  private SimulatedPlatform(
      Path folder, SimulatedPki pki, InstantSource clock, SecureRandom random) {
    this.folder = folder;
    this.pki = pki;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Opens the folder, makes the roots if they are not there, and leaves {@code collateral.json} of
   * the present time for verifiers without a network.
   *
   * @throws java.io.UncheckedIOException if the folder cannot be read or made
   */
  public static SimulatedPlatform open(Path folder, InstantSource clock, SecureRandom random) {
    SimulatedPki pki = SimulatedPki.open(folder, clock, random);
    SimulatedPlatform platform = new SimulatedPlatform(folder, pki, clock, random);
    pki.write("collateral.json", platform.collateral().toJson());
    return platform;
  }

  /** TDX's root certificate in PEM, the only anchor under which the quotes verify. */
  public Path rootCertificateFile() {
    return pki.rootCertificateFile();
  }

  /** TDX's roots themselves. */
  public SimulatedPki pki() {
    return pki;
  }

  /** The time by which the platform goes. */
  public Instant now() {
    return clock.instant();
  }

  /** The maker of Nitro Enclaves. */
  public NitroAuthority nitro() {
    return NitroAuthority.ofEnclaves(folder, clock, random);
  }

  /** The maker of NitroTPMs. */
  public NitroAuthority nitroTpm() {
    return NitroAuthority.ofTpms(folder, clock, random);
  }

  /** The maker of Google's TPMs. */
  public TpmAuthority tpm() {
    return TpmAuthority.open(folder, clock, random);
  }

  /** The maker of that product's chips. */
  public SnpAuthority snp(SnpProduct product) {
    return SnpAuthority.open(folder, product, clock, random);
  }

  /**
   * The certificate files of the roots under which guests of that kind verify, by their names under
   * {@code core.attestation.root_ca}; made if they are not there.
   */
  public Map<String, Path> rootFiles(PlatformKind kind) {
    return switch (kind) {
      case TDX -> Map.of("tdx", rootCertificateFile());
      case GCP_TDX -> Map.of("tdx", rootCertificateFile(), "gcp_tpm", tpm().folder().rootFile());
      case NITRO -> Map.of("aws_nitro_enclave", nitro().rootFile());
      case NITRO_TPM -> Map.of("aws_nitro_tpm", nitroTpm().rootFile());
      case SEV_SNP ->
          Stream.of(SnpProduct.values())
              .collect(
                  Collectors.toMap(
                      SnpProduct::settingName, product -> snp(product).folder().rootFile()));
    };
  }

  /** Those of every kind, in the order of their names. */
  public SortedMap<String, Path> rootFiles() {
    SortedMap<String, Path> files = new TreeMap<>();
    for (PlatformKind kind : PlatformKind.values()) {
      files.putAll(rootFiles(kind));
    }
    return files;
  }

  /** Names the port at which certificates say that their issuers' documents lie. */
  public void serveDocumentsAt(int value) {
    port = value;
  }

  /** The address below which the issuers' documents lie, without a slash at its end. */
  public String documents() {
    return "http://127.0.0.1:" + port;
  }

  /** Boots a guest that has these faults. */
  public SimulatedGuest boot(SimulatedIdentity identity, SimulatedFault... faults) {
    GuestBoot boot = new GuestBoot(this, identity, List.of(faults));
    return switch (identity.platform()) {
      case GuestPlatform.Tdx _ -> new TdxGuest(boot);
      case GuestPlatform.Nitro _ -> new NitroGuest(boot);
      case GuestPlatform.GcpTdx gcp -> new GcpTdxGuest(boot, gcp);
      case GuestPlatform.SevSnp snp -> new SnpGuest(boot, snp);
      case GuestPlatform.NitroTpm _ -> new NitroTpmGuest(boot);
    };
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
