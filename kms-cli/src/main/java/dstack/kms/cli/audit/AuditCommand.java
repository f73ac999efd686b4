package dstack.kms.cli.audit;

import picocli.CommandLine.Command;

/** Groups what can be asked of an audit log. */
@Command(name = "audit", description = "Verifies and reads an audit log.")
public final class AuditCommand {}
