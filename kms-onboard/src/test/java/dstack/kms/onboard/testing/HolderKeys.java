package dstack.kms.onboard.testing;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.onboard.backup.share.HolderIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Three holders with keys of the real programs: age, P-256, age. */
public record HolderKeys(List<String> configured, List<Path> identities) {
  public static HolderKeys in(Path folder) {
    Path first = folder.resolve("first.txt");
    Path second = folder.resolve("second.pem");
    Path secondPublic = folder.resolve("second.pub");
    Path third = folder.resolve("third.txt");
    Openssl.run(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        second.toString());
    Openssl.run("pkey", "-in", second.toString(), "-pubout", "-out", secondPublic.toString());
    return new HolderKeys(
        List.of(Age.keygen(first), secondPublic.toString(), Age.keygen(third)),
        List.of(first, second, third));
  }

  /** As {@code core.backup.holders} takes it from a flag. */
  public String flag() {
    return String.join(",", configured);
  }

  public HolderIdentity identity(int number) {
    try (Secret file = Secret.takeOver(Files.readAllBytes(identities.get(number - 1)))) {
      return HolderIdentity.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RefusalException e) {
      throw new AssertionError(e);
    }
  }
}
