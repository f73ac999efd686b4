package dstack.kms.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a configuration is read from; injected, so that a test sees nothing of the
 * machine it runs on.
 *
 * @param flags dotted names and their text from the command line
 * @param environment the process environment
 * @param systemDir where the system-wide files lie, {@code /etc/kms}
 * @param workingDir the working directory
 * @param file the name that {@code -c} gave
 * @param teeDevices the device files of which any one proves a real TEE
 */
public record ConfigSources(
    Map<String, String> flags,
    Map<String, String> environment,
    Path systemDir,
    Path workingDir,
    Optional<String> file,
    List<Path> teeDevices) {

  /** The device files that a real TEE guest has. */
  public static final List<Path> REAL_TEE_DEVICES =
      List.of(
          Path.of("/dev/tdx_guest"),
          Path.of("/dev/tdx-guest"),
          Path.of("/dev/tdx-attest"),
          Path.of("/dev/nsm"),
          Path.of("/dev/sev-guest"));

  public ConfigSources {
    flags = Map.copyOf(flags);
    environment = Map.copyOf(environment);
    teeDevices = List.copyOf(teeDevices);
  }

  /** The sources of this process. */
  public static ConfigSources ofProcess(Optional<String> file, Map<String, String> flags) {
    return new ConfigSources(
        flags,
        System.getenv(),
        Path.of("/etc/kms"),
        Path.of("").toAbsolutePath(),
        file,
        REAL_TEE_DEVICES);
  }

  /** No file, no variable, no flag, no TEE device; every value is the default. */
  public static ConfigSources none() {
    Path nowhere = Path.of("/nonexistent");
    return new ConfigSources(Map.of(), Map.of(), nowhere, nowhere, Optional.empty(), List.of());
  }

  /** The same with these flags instead. */
  public ConfigSources withFlags(Map<String, String> others) {
    return new ConfigSources(others, environment, systemDir, workingDir, file, teeDevices);
  }

  /** The same with this environment instead. */
  public ConfigSources withEnvironment(Map<String, String> other) {
    return new ConfigSources(flags, other, systemDir, workingDir, file, teeDevices);
  }

  /** The same with this file for {@code -c} instead. */
  public ConfigSources withFile(String name) {
    return new ConfigSources(
        flags, environment, systemDir, workingDir, Optional.of(name), teeDevices);
  }

  /** The same with these directories instead. */
  public ConfigSources withDirectories(Path system, Path working) {
    return new ConfigSources(flags, environment, system, working, file, teeDevices);
  }

  /** The same with these device files instead. */
  public ConfigSources withTeeDevices(List<Path> devices) {
    return new ConfigSources(flags, environment, systemDir, workingDir, file, devices);
  }
}
