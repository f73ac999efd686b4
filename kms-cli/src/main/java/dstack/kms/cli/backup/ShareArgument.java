package dstack.kms.cli.backup;

import dstack.kms.cli.input.InputFile;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.onboard.backup.share.HolderIdentity;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.backup.share.ShareRefusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a holder brings: a share file and the key that opens it. */
final class ShareArgument {
  private static final int LONGEST_KEY = 64 << 10;

  private ShareArgument() {}

  static ShareFile share(InputFile file) {
    return ShareFile.decode(file.content());
  }

  static HolderIdentity identity(Path path) {
    try (InputStream stream = Files.newInputStream(path);
        Secret content = Secret.takeOver(stream.readNBytes(LONGEST_KEY))) {
      return HolderIdentity.read(content);
    } catch (IOException e) {
      throw RefusalException.causedBy(
          ShareRefusal.IDENTITY, "the holder's private key " + path + " cannot be read", e);
    }
  }
}
