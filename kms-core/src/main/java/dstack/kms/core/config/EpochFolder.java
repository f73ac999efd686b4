package dstack.kms.core.config;

import java.nio.file.Path;

/** Where the keys of a root generation lie. */
public final class EpochFolder {
  private static final String EPOCHS = "epochs";

  private EpochFolder() {}

  /** The folder of all generations but the first. */
  public static Path all(Path certDir) {
    return certDir.resolve(EPOCHS);
  }

  /** {@code core.cert_dir} itself for epoch 0, as ever; a folder below it for any other. */
  public static Path of(Path certDir, int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("an epoch is not negative: " + epoch);
    }
    return epoch == 0 ? certDir : all(certDir).resolve(Integer.toString(epoch));
  }
}
