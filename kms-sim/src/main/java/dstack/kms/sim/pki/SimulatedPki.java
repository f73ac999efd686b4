package dstack.kms.sim.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The simulated roots in one folder: made when first opened, reused ever after, shared by every
 * process that opens the same folder.
 *
 * <p>Layout: {@code roots/} holds four keys and certificates, {@code devices/<authority>-<number>/}
 * one PCK key and certificate. Every file has mode 0600.
 */
public final class SimulatedPki {
  /** How long certificates are valid from the moment they are made. */
  static final Duration VALIDITY = Duration.ofDays(20 * 365);

  private static final String ROOT_CRL_URL = "http://127.0.0.1:1/SIMULATED/root-ca.crl";
  private static final String PCK_CRL_URL = "http://127.0.0.1:1/SIMULATED/pck.crl";
  private static final String ROOT_NAME = "SIMULATED SGX Root CA";
  private static final String SIGNER_NAME = "SIMULATED SGX TCB Signing";
  private static final String PCK_NAME = "SIMULATED SGX PCK Certificate";

  private final Path folder;
  private final InstantSource clock;
  private final SecureRandom random;
  private final CertifiedKey root;
  private final CertifiedKey platformCa;
  private final CertifiedKey processorCa;
  private final CertifiedKey tcbSigner;

  private SimulatedPki(Path folder, InstantSource clock, SecureRandom random) {
    this.folder = folder;
    this.clock = clock;
    this.random = random;
    Path roots = folder.resolve("roots");
    root = read(roots, "root-ca");
    platformCa = read(roots, "platform-ca");
    processorCa = read(roots, "processor-ca");
    tcbSigner = read(roots, "tcb-signing");
  }

  /** Opens the folder; makes it and its roots if they are not there. */
  public static SimulatedPki open(Path folder, InstantSource clock, SecureRandom random) {
    Path roots = folder.resolve("roots");
    if (!Files.isDirectory(roots)) {
      publish(roots, freshRoots(clock.instant(), random), random);
    }
    return new SimulatedPki(folder, clock, random);
  }

  /** The trust anchor. */
  public CertifiedKey root() {
    return root;
  }

  /** The trust anchor's certificate in PEM, for {@code core.attestation.root_ca.tdx}. */
  public Path rootCertificateFile() {
    return folder.resolve("roots").resolve("root-ca.pem");
  }

  /** The CA of that kind. */
  public CertifiedKey ca(PckAuthority authority) {
    return switch (authority) {
      case PLATFORM -> platformCa;
      case PROCESSOR -> processorCa;
    };
  }

  /** Signs TCB info and QE identity. */
  public CertifiedKey tcbSigner() {
    return tcbSigner;
  }

  /** The device of that number, certified now if it is new. */
  public SimulatedDevice device(int number, PckAuthority authority) {
    Path place = folder.resolve("devices").resolve(authority.queryName() + "-" + number);
    PckIdentity identity = PckIdentity.of(number, authority);
    if (!Files.isDirectory(place)) {
      SimulatedKey key = SimulatedKey.generate(random);
      CertifiedKey pck = pckRecipe(key, identity).signedBy(ca(authority));
      publish(place, files(Map.of("pck", pck)), random);
    }
    CertifiedKey pck = read(place, "pck");
    return new SimulatedDevice(identity, pck.key(), List.of(pck, ca(authority), root));
  }

  /** The PCK certificates given out so far under that CA. */
  public List<CertifiedKey> issued(PckAuthority authority) {
    Path devices = folder.resolve("devices");
    if (!Files.isDirectory(devices)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(devices)) {
      return entries
          .filter(place -> place.getFileName().toString().startsWith(authority.queryName() + "-"))
          .sorted()
          .map(place -> read(place, "pck"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A PCK certificate as it is usually made, to be changed by tests before it is signed. */
  public CertificateRecipe pckRecipe(SimulatedKey key, PckIdentity identity) {
    return plainRecipe(PCK_NAME, key)
        .crlUrl(PCK_CRL_URL)
        .extension(SgxExtension.OID, false, SgxExtension.der(identity));
  }

  /** A certificate for a key without further content, to be changed by tests. */
  public CertificateRecipe plainRecipe(String commonName, SimulatedKey key) {
    return recipe(commonName, key, clock.instant(), random);
  }

  /** A fresh key of the same kind. */
  public SimulatedKey freshKey() {
    return SimulatedKey.generate(random);
  }

  /** Replaces one file of the folder by a complete new one. */
  public void write(String name, String content) {
    try {
      StateFolder.replace(folder.resolve(name), content, random);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> freshRoots(Instant now, SecureRandom random) {
    CertifiedKey root =
        recipe(ROOT_NAME, SimulatedKey.generate(random), now, random).authority(1).selfSigned();
    Map<String, CertifiedKey> all = new LinkedHashMap<>();
    all.put("root-ca", root);
    for (PckAuthority authority : PckAuthority.values()) {
      SimulatedKey key = SimulatedKey.generate(random);
      all.put(
          authority.queryName() + "-ca",
          recipe(authority.commonName(), key, now, random).authority(0).signedBy(root));
    }
    SimulatedKey signer = SimulatedKey.generate(random);
    all.put("tcb-signing", recipe(SIGNER_NAME, signer, now, random).signedBy(root));
    return files(all);
  }

  private static CertificateRecipe recipe(
      String commonName, SimulatedKey key, Instant now, SecureRandom random) {
    Instant from = now.truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));
    BigInteger serial = new BigInteger(158, random).setBit(158);
    return new CertificateRecipe(commonName, key, serial)
        .validity(from, from.plus(VALIDITY))
        .crlUrl(ROOT_CRL_URL);
  }

  private static Map<String, String> files(Map<String, CertifiedKey> entries) {
    Map<String, String> files = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) -> {
          files.put(name + ".key", entry.key().pem());
          files.put(name + ".pem", entry.pem());
        });
    return files;
  }

  private static void publish(Path place, Map<String, String> files, SecureRandom random) {
    try {
      StateFolder.publish(place, files, random);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + place, e);
    }
  }

  private static CertifiedKey read(Path place, String name) {
    try {
      return CertifiedKey.fromPem(
          Files.readString(place.resolve(name + ".key")),
          Files.readString(place.resolve(name + ".pem")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + place.resolve(name), e);
    }
  }
}
