package dstack.kms.cli.gov.read;

import picocli.CommandLine.Command;

/** Groups what can be shown of the chain. */
@Command(name = "show", description = "Shows the state of contracts.")
public final class ShowGroup {}
