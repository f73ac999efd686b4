package dstack.kms.cli.sim;

import picocli.CommandLine.Command;

/** Groups the commands of the simulated platform. */
@Command(
    name = "sim",
    description =
        "Simulates platforms of every kind with their own roots, for tests of other programs.")
public final class SimCommand {}
