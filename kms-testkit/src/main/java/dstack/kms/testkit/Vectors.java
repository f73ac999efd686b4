package dstack.kms.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of real quotes, collateral, attestations and key vectors.
 *
 * <p>It lies at {@code KMS_VECTORS}, or else beside the project at {@code ../shared/vectors}. It is
 * never part of the project; where it is missing, tests that need it are left out, and fail under
 * {@code CI=true}.
 */
public final class Vectors {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Vectors() {}

  /** The file of that name in the vectors folder, for example {@code tdx/tdx_quote_v4_a.bin}. */
  public static Path path(String name) {
    String override = System.getenv("KMS_VECTORS");
    Path folder =
        override != null && !override.isEmpty()
            ? Path.of(override)
            : ProjectRoot.path().resolve("../shared/vectors").normalize();
    if (!Files.isDirectory(folder)) {
      throw LeftOut.because("the vectors folder (set KMS_VECTORS)");
    }
    return folder.resolve(name);
  }

  /** The bytes of that vector. */
  public static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of that vector. */
  public static String text(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JSON tree of that vector. */
  public static JsonNode json(String name) {
    return JSON.readTree(text(name));
  }
}
