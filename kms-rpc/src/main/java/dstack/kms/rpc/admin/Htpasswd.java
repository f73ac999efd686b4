package dstack.kms.rpc.admin;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Users and their bcrypt hashes, read once from an htpasswd file (specification 01 §7). Verifying
 * is slow by design and never belongs on an event loop.
 */
final class Htpasswd {
  /** No users at all. */
  static final Htpasswd NONE = new Htpasswd(Map.of());

  /** Costs over 16 would let one request occupy a processor for tens of seconds. */
  private static final Pattern HASH =
      Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");

  /** Verified for unknown users, so that the time does not tell who is known. */
  private static final String NOBODY =
      "$2b$10$abcdefghijklmnopqrstuuVaPYdGuATWpIrrOuyXKkT8jvOPGzGd6";

  private final Map<String, String> hashes;

  private Htpasswd(Map<String, String> hashes) {
    this.hashes = Map.copyOf(hashes);
  }

  /**
   * Reads a file of lines {@code user:hash}; blank lines and lines that start with {@code #} are
   * skipped, and of two lines for one user the later counts.
   *
   * @throws RefusalException for any other line and for a file without users
   */
  static Htpasswd read(Path file) {
    Map<String, String> hashes = new HashMap<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        int colon = line.indexOf(':');
        if (colon < 1 || !HASH.matcher(line.substring(colon + 1)).matches()) {
          throw refuse(
              file,
              "line "
                  + number
                  + " is not user:hash with a bcrypt hash ($2a$, $2b$,"
                  + " $2y$) of cost 4 to 16");
        }
        hashes.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    if (hashes.isEmpty()) {
      throw refuse(file, "it names no user");
    }
    return new Htpasswd(hashes);
  }

  /** Whether there is anybody to verify. */
  boolean isEmpty() {
    return hashes.isEmpty();
  }

  /** Whether the user is known and the password is the user's. */
  boolean verifies(String user, String password) {
    Optional<String> hash = Optional.ofNullable(hashes.get(user));
    boolean matches = OpenBSDBCrypt.checkPassword(hash.orElse(NOBODY), password.toCharArray());
    return matches && hash.isPresent();
  }

  private static Iterable<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw refuse(file, "it cannot be read: " + e);
    }
  }

  private static RefusalException refuse(Path file, String why) {
    return new RefusalException(AdminRefusal.HTPASSWD, "htpasswd file " + file + ": " + why);
  }
}
