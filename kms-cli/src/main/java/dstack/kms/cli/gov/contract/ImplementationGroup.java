package dstack.kms.cli.gov.contract;

import picocli.CommandLine.Command;

/** Groups what can be done about implementations. */
@Command(name = "implementation", description = "Deploys implementations to upgrade to.")
public final class ImplementationGroup {}
