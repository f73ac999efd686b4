package dstack.kms.client.keys;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A file that is to hold something secret: mode 0600, and either the whole of it is there or what
 * was there before. A link is replaced, not followed; what is no file, such as {@code /dev/null},
 * stays what it is.
 *
 * @param path as it was given
 */
public record OutputFile(Path path) {
  /** The place itself, whatever words lead there. */
  public Path place() {
    return path.toAbsolutePath().normalize();
  }

  /**
   * Refuses a place where nothing can be written. Whoever fetches keys asks before: what cannot be
   * kept need not be fetched.
   *
   * @throws RefusalException with {@link FetchRefusal#OUTPUT}
   */
  public void requireUsable() {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw cannotWrite("it is no file, and what it is must stay");
    }
    Path folder = path.toAbsolutePath().resolveSibling(".");
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw cannotWrite("its folder is not there, or not writable");
    }
  }

  /**
   * Writes it in one step.
   *
   * @throws RefusalException with {@link FetchRefusal#OUTPUT}
   */
  public void write(Secret text, SecureRandom random) {
    requireUsable();
    FileActions files = new PosixFileActions();
    Path target = path.toAbsolutePath();
    Path fresh = beside(target, random);
    try {
      files.write(fresh, text);
      files.sync(fresh);
      files.rename(fresh, target);
      files.sync(target.resolveSibling("."));
    } catch (IOException e) {
      remove(fresh);
      throw RefusalException.causedBy(FetchRefusal.OUTPUT, "cannot write " + path, e);
    }
  }

  private static Path beside(Path target, SecureRandom random) {
    byte[] suffix = new byte[8];
    random.nextBytes(suffix);
    return target.resolveSibling(
        "." + target.getFileName() + "." + HexFormat.of().formatHex(suffix) + ".tmp");
  }

  private static void remove(Path fresh) {
    try {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      throw RefusalException.causedBy(
          FetchRefusal.OUTPUT, "cannot write, and cannot remove " + fresh, e);
    }
  }

  private RefusalException cannotWrite(String why) {
    return FetchRefusal.OUTPUT.because("cannot write " + path + ": " + why);
  }
}
