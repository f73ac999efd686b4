package dstack.kms.sim.vendor;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.pki.StateFolder;
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
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The keys of one simulated maker in their folder, made when first opened and shared by every
 * process that opens it.
 */
public final class VendorFolder {
  private static final String ROOT_FILE = "root.pem";
  private static final Duration VALIDITY = Duration.ofDays(20 * 365);

  private final Path folder;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<String, VendorKey> keys;
  private final VendorCertificate root;

  private VendorFolder(
      Path folder,
      InstantSource clock,
      SecureRandom random,
      Map<String, VendorKey> keys,
      VendorCertificate root) {
    this.folder = folder;
    this.clock = clock;
    this.random = random;
    this.keys = Map.copyOf(keys);
    this.root = root;
  }

  /**
   * What a maker's root is.
   *
   * @param subject its name
   * @param kind of its key
   * @param scheme of its signatures
   * @param shape what its certificate says beside a CA's usual
   */
  public record Root(
      String subject, KeyKind kind, SigningScheme scheme, UnaryOperator<VendorRecipe> shape) {}

  /**
   * Opens the folder; makes it if it is not there.
   *
   * @param keys the names and kinds of the keys below the root
   * @throws UncheckedIOException if the folder cannot be read or made
   */
  public static VendorFolder open(
      Path folder, Root root, Map<String, KeyKind> keys, InstantSource clock, SecureRandom random) {
    try {
      if (!Files.isDirectory(folder)) {
        StateFolder.publish(folder, fresh(root, keys, clock.instant(), random), random);
      }
      Map<String, VendorKey> read = new LinkedHashMap<>();
      for (Map.Entry<String, KeyKind> key : keys.entrySet()) {
        read.put(key.getKey(), read(folder, key.getKey(), key.getValue()));
      }
      VendorKey rootKey = read(folder, "root", root.kind());
      String rootPem = Files.readString(folder.resolve(ROOT_FILE));
      return new VendorFolder(
          folder, clock, random, read, VendorCertificate.fromPem(rootKey, root.scheme(), rootPem));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + folder, e);
    }
  }

  private static VendorKey read(Path folder, String name, KeyKind kind) throws IOException {
    return VendorKey.fromPem(kind, Files.readString(folder.resolve(name + ".key")));
  }

  private static Map<String, String> fresh(
      Root root, Map<String, KeyKind> keys, Instant now, SecureRandom random) {
    Map<String, String> files = new LinkedHashMap<>();
    keys.forEach((name, kind) -> files.put(name + ".key", VendorKey.generate(kind, random).pem()));
    VendorKey key = VendorKey.generate(root.kind(), random);
    Instant from = now.truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));
    VendorRecipe recipe =
        new VendorRecipe(root.subject(), key, serial(key, root.subject()))
            .authority()
            .validity(from, from.plus(VALIDITY))
            .signsWith(root.scheme());
    files.put("root.key", key.pem());
    files.put(ROOT_FILE, root.shape().apply(recipe).selfSigned().pem());
    return files;
  }

  /** The trust anchor's certificate in PEM. */
  public Path rootFile() {
    return folder.resolve(ROOT_FILE);
  }

  /** The trust anchor. */
  public VendorCertificate root() {
    return root;
  }

  /** The key of that name. */
  public VendorKey key(String name) {
    VendorKey key = keys.get(name);
    if (key == null) {
      throw new IllegalArgumentException("no key " + name);
    }
    return key;
  }

  /** A fresh key. */
  public VendorKey freshKey(KeyKind kind) {
    return VendorKey.generate(kind, random);
  }

  /** The time by which the maker goes. */
  public Instant now() {
    return clock.instant();
  }

  /** A certificate's recipe; its serial number follows from key and name, so it stays the same. */
  public VendorRecipe recipe(String subject, VendorKey key, Duration before, Duration after) {
    Instant now = now().truncatedTo(ChronoUnit.SECONDS);
    return new VendorRecipe(subject, key, serial(key, subject))
        .validity(now.minus(before), now.plus(after));
  }

  private static BigInteger serial(VendorKey key, String subject) {
    Bytes digest = Digests.sha256(key.publicInfo(), Bytes.utf8(subject));
    return new BigInteger(1, digest.slice(0, 16).toArray()).setBit(126).clearBit(127);
  }
}
