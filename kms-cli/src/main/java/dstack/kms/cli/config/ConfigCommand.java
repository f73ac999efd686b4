package dstack.kms.cli.config;

import picocli.CommandLine.Command;

/** Groups what can be done with a configuration without starting the server. */
@Command(name = "config", description = "Looks at a configuration.")
public final class ConfigCommand {}
