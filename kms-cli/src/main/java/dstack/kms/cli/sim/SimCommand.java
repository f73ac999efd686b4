package dstack.kms.cli.sim;

import picocli.CommandLine.Command;

/** Groups the commands of the simulated platform. */
@Command(
    name = "sim",
    description = "Simulates a TDX platform with its own roots, for tests of other programs.")
public final class SimCommand {}
