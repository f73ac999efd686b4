package dstack.kms.core.store;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a directory in which both root keys are. */
final class StoreReader {
  private static final Logger LOG = LoggerFactory.getLogger(StoreReader.class);

  /** Evidence in hexadecimal is the longest thing in any of the files. */
  private static final int MAX_BYTES = 32 << 20;

  private final Path directory;

  StoreReader(Path directory) {
    this.directory = directory;
  }

  StoredState read(Optional<String> configuredDomain) {
    require(List.of(KeyFile.TMP_CA_KEY, KeyFile.RPC_KEY));
    String domain = configuredDomain.orElseGet(this::storedDomain);
    KeySet keys =
        new KeySet(
            secret(KeyFile.ROOT_CA_KEY),
            secret(KeyFile.TMP_CA_KEY),
            secret(KeyFile.RPC_KEY),
            secret(KeyFile.ROOT_K256_KEY));
    try {
      return state(keys, domain);
    } catch (RefusalException e) {
      keys.close();
      throw e;
    }
  }

  private StoredState state(KeySet keys, String domain) {
    PublicKeys publicKeys = KeySetCheck.publicKeys(keys);
    Optional<BootstrapInfo> info = bootstrapInfo(publicKeys);
    if (!Stream.of(KeyFile.ROOT_CA_CERT, KeyFile.TMP_CA_CERT, KeyFile.RPC_CERT)
        .allMatch(this::exists)) {
      return new StoredState.CertificatesMissing(keys, domain, info);
    }
    CertificateSet certificates =
        new CertificateSet(
            text(KeyFile.ROOT_CA_CERT), text(KeyFile.TMP_CA_CERT), text(KeyFile.RPC_CERT));
    KeySetCheck.check(keys, certificates);
    return new StoredState.Complete(new KeyMaterial(keys, certificates, domain, info));
  }

  private String storedDomain() {
    require(List.of(KeyFile.RPC_DOMAIN));
    return text(KeyFile.RPC_DOMAIN).strip();
  }

  /** Public keys are published only if the private ones are here (T-14). */
  private Optional<BootstrapInfo> bootstrapInfo(PublicKeys keys) {
    if (!exists(KeyFile.BOOTSTRAP_INFO)) {
      return Optional.empty();
    }
    Optional<BootstrapInfo> found = BootstrapInfo.parse(text(KeyFile.BOOTSTRAP_INFO));
    if (found.filter(keys::areHalfOf).isPresent()) {
      throw new RefusalException(
          StoreRefusal.FOREIGN,
          "root-ca.key and root-k256.key are of different sets: bootstrap-info.json is about one of"
              + " them; restore the other from a backup, nothing is overwritten");
    }
    Optional<BootstrapInfo> info = found.filter(keys::areThoseOf);
    if (info.isEmpty()) {
      LOG.warn("bootstrap-info.json is not about the stored keys and is ignored");
    }
    return info;
  }

  private void require(List<KeyFile> files) {
    List<String> missing =
        files.stream().filter(file -> !exists(file)).map(KeyFile::fileName).toList();
    if (!missing.isEmpty()) {
      throw new RefusalException(
          StoreRefusal.INCOMPLETE,
          directory
              + " has both root keys, but not "
              + String.join(" and ", missing)
              + "; restore the missing files from a backup, nothing is overwritten");
    }
  }

  private boolean exists(KeyFile file) {
    return Presence.of(directory.resolve(file.fileName()));
  }

  private Secret secret(KeyFile file) {
    return Secret.takeOver(content(file));
  }

  private String text(KeyFile file) {
    return new String(content(file), StandardCharsets.UTF_8);
  }

  private byte[] content(KeyFile file) {
    Path path = directory.resolve(file.fileName());
    try (InputStream stream =
        Files.newInputStream(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = stream.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new RefusalException(StoreRefusal.FOREIGN, path + " is too large");
      }
      return content;
    } catch (IOException e) {
      throw RefusalException.causedBy(StoreRefusal.FAILED, "cannot read " + path, e);
    }
  }
}
