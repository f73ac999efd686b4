package dstack.kms.core.audit;

import dstack.kms.core.file.FileActions;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Replaces the checkpoint of a directory in one step. */
final class CheckpointFile {
  private CheckpointFile() {}

  static void write(Path directory, FileActions actions, Checkpoint checkpoint) throws IOException {
    Path fresh = directory.resolve(Checkpoint.FILE + ".new");
    if (Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
      actions.delete(fresh);
    }
    try (Secret content = Secret.takeOver(checkpoint.encode().toArray())) {
      actions.write(fresh, content);
    }
    actions.sync(fresh);
    actions.rename(fresh, directory.resolve(Checkpoint.FILE));
    actions.sync(directory);
  }
}
