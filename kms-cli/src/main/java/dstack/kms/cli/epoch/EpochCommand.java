package dstack.kms.cli.epoch;

import picocli.CommandLine.Command;

/** Groups what can be asked about generations of root keys. */
@Command(name = "epoch", description = "Looks at the generations of root keys; changes nothing.")
public final class EpochCommand {}
