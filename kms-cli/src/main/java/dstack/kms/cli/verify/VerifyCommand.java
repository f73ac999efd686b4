package dstack.kms.cli.verify;

import picocli.CommandLine.Command;

/** Groups the commands that verify evidence. */
@Command(name = "verify", description = "Verifies evidence as the server does.")
public final class VerifyCommand {}
