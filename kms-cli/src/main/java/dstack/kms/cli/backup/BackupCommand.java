package dstack.kms.cli.backup;

import picocli.CommandLine.Command;

/** Groups the commands about backups. */
@Command(
    name = "backup",
    description = "Backs root keys up to holders of shares, and brings them back.")
public final class BackupCommand {}
