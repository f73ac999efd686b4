package dstack.kms.onboard.epoch;

import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.config.EpochFolder;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.StoredState;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The generations that lie in one {@code core.cert_dir}; they are only looked at. */
final class StoredEpochs {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,6}");

  private final Path certDir;

  StoredEpochs(Path certDir) {
    this.certDir = certDir;
  }

  /** Zero, and every number that has a folder. */
  NavigableSet<Integer> numbers() {
    NavigableSet<Integer> numbers = new TreeSet<>();
    numbers.add(0);
    Path all = EpochFolder.all(certDir);
    if (!Files.exists(all, LinkOption.NOFOLLOW_LINKS)) {
      return numbers;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(all)) {
      for (Path folder : folders) {
        String name = String.valueOf(folder.getFileName());
        if (NUMBER.matcher(name).matches()) {
          numbers.add(Integer.valueOf(name));
        }
      }
    } catch (IOException e) {
      throw RefusalException.causedBy(EpochRefusal.FAILED, "cannot look into " + all, e);
    }
    return numbers;
  }

  /** Lends the keys of a generation for one call and erases them; empty if it has none. */
  <T> Optional<T> with(int epoch, Function<KeySet, T> use) {
    return keys(look(epoch))
        .map(
            keys -> {
              try (keys) {
                return use.apply(keys);
              }
            });
  }

  /** What a generation is known by; empty if it has no keys. */
  Optional<RootIdentity> identity(int epoch) {
    return with(epoch, RootIdentity::of);
  }

  /** The certificate of its root CA; empty if there is none. */
  Optional<ParsedCertificate> rootCertificate(int epoch) {
    StoredState state = look(epoch);
    keys(state).ifPresent(KeySet::close);
    return state instanceof StoredState.Complete complete
        ? Optional.of(
            ParsedCertificate.parse(Pem.decode(complete.material().certificates().rootCa())))
        : Optional.empty();
  }

  private StoredState look(int epoch) {
    try {
      return KeyStore.look(EpochFolder.of(certDir, epoch));
    } catch (RefusalException e) {
      throw e.within("epoch " + epoch);
    }
  }

  /** Refuses roots that any other generation here has as well. */
  void requireUnique(int epoch, RootIdentity identity) {
    for (int other : numbers()) {
      if (other != epoch && identity(other).filter(identity::shares).isPresent()) {
        throw new RefusalException(
            EpochRefusal.SAME_ROOT,
            "epoch " + epoch + " has a root key of epoch " + other + "; each has its own");
      }
    }
  }

  private static Optional<KeySet> keys(StoredState state) {
    return switch (state) {
      case StoredState.Empty _ -> Optional.empty();
      case StoredState.Complete complete -> Optional.of(complete.material().keys());
      case StoredState.CertificatesMissing missing -> Optional.of(missing.keys());
    };
  }
}
