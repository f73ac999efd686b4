package dstack.kms.attest.device.tsm;

import dstack.kms.core.config.DeviceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where reports are asked for and how long.
 *
 * @param root the folder in which entries are made
 * @param shared the one entry to use instead
 * @param answerTimeout how long the kernel may take to take a request in, and another program to
 *     leave a shared entry
 * @param busyPause the pause before a busy entry is asked again
 */
public record TsmSettings(
    Path root, Optional<Path> shared, Duration answerTimeout, Duration busyPause) {
  /** The settings of the configuration. */
  public static TsmSettings of(DeviceConfig config) {
    return new TsmSettings(
        config.configfs(), config.configfsEntry(), config.answerTimeout(), config.busyPause());
  }
}
