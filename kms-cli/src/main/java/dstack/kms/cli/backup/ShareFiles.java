package dstack.kms.cli.backup;

import dstack.kms.core.file.DirectoryLadder;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.onboard.backup.share.ShareFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes share files, each for its owner alone and durable, none over another. */
final class ShareFiles {
  private ShareFiles() {}

  static List<Path> write(List<ShareFile> files, Path folder) {
    FileActions actions = new PosixFileActions();
    Path target = folder.toAbsolutePath().normalize();
    try {
      DirectoryLadder.make(target, actions);
      List<Path> written = new ArrayList<>();
      for (ShareFile file : files) {
        Path path = target.resolve(file.name());
        try (Secret content = Secret.takeOver(file.encode().toArray())) {
          actions.write(path, content);
        }
        actions.sync(path);
        written.add(path);
      }
      actions.sync(target);
      return List.copyOf(written);
    } catch (IOException e) {
      throw RefusalException.causedBy(
          BackupCommandRefusal.OUTPUT, "cannot write share files into " + folder, e);
    }
  }
}
