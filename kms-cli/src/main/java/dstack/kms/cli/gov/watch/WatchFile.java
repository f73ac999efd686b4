package dstack.kms.cli.gov.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.watch.WatchRefusal;
import dstack.kms.chain.watch.WatchState;
import dstack.kms.chain.watch.WatchStateFile;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a watcher keeps how far it came; without a path it begins anew at each start. */
final class WatchFile {
  private final @Nullable Path path;

  WatchFile(@Nullable Path path) {
    this.path = path;
  }

  /** The kept state, if there is one; refused if it is about other contracts. */
  Optional<WatchState> read(Set<Address> contracts) {
    if (path == null || !Files.exists(path)) {
      return Optional.empty();
    }
    try {
      WatchState state = WatchStateFile.read(Files.readString(path));
      if (!state.contracts().containsAll(contracts)) {
        throw new RefusalException(
            WatchRefusal.STATE,
            path + " is about other contracts: name another file, or remove it to begin anew");
      }
      return Optional.of(state);
    } catch (IOException e) {
      throw RefusalException.causedBy(WatchRefusal.STATE, path + " cannot be read", e);
    }
  }

  /** Keeps the state, so that the file is never half written. */
  void write(WatchState state) {
    if (path == null) {
      return;
    }
    Path beside = path.resolveSibling(path.getFileName() + ".pending");
    try {
      Files.writeString(beside, WatchStateFile.write(state));
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw RefusalException.causedBy(WatchRefusal.STATE, path + " cannot be written", e);
    }
  }
}
