package dstack.kms.rpc.admin;

import dstack.kms.core.file.FileTree;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The folders in which images and their measurements are kept, as far as an operator may clear them
 * (specification 04 §6).
 */
public final class ImageCache {
  private static final Pattern KEY = Pattern.compile("[0-9a-fA-F]+");
  private static final String ALL = "all";

  private final Path folder;

  /** The cache in {@code core.image.cache_dir}. */
  public ImageCache(Path folder) {
    this.folder = folder;
  }

  /**
   * Removes one image by the hexadecimal digits of its hash, {@code all} of them, or nothing for an
   * empty key; what is not there is no error.
   *
   * @throws RefusalException {@code invalid cache key} for anything else, before any file is
   *     touched
   */
  public void clearImages(String key) {
    clear("images", key);
  }

  /** The same for measurements. */
  public void clearMeasurements(String key) {
    clear("measurements", key);
  }

  private void clear(String kind, String key) {
    if (key.isEmpty()) {
      return;
    }
    if (!key.equals(ALL) && !KEY.matcher(key).matches()) {
      throw new RefusalException(AdminRefusal.CACHE_KEY, "invalid cache key");
    }
    Path kindFolder = folder.resolve(kind);
    try {
      if (Files.isSymbolicLink(kindFolder)) {
        throw new IOException(kindFolder + " is a symbolic link");
      }
      FileTree.remove(key.equals(ALL) ? kindFolder : kindFolder.resolve(key));
    } catch (IOException e) {
      throw RefusalException.causedBy(
          AdminRefusal.CACHE_NOT_CLEARED, "the cache could not be cleared", e);
    }
  }
}
