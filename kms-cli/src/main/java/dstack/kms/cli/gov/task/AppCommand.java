package dstack.kms.cli.gov.task;

import picocli.CommandLine.Command;

/** Groups what can be done about apps. */
@Command(name = "app", description = "Creates, registers and changes apps.")
public final class AppCommand {}
