package dstack.kms.cli.config;

import dstack.kms.core.config.ConfigSources;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the configuration of a command comes from. */
public final class ConfigOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "Configuration file, TOML if it ends in .toml, else JSON; read after /etc/kms/kms.toml"
              + " and ./kms.toml.")
  private @Nullable String file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "One configuration value, for example --set core.site_name=east; wins over all.")
  private Map<String, String> values = new HashMap<>();

  /** The sources that these options, the variables and the machine make up. */
  public ConfigSources sources(Map<String, String> variables) {
    return ConfigSources.ofProcess(Optional.ofNullable(file), values).withEnvironment(variables);
  }
}
