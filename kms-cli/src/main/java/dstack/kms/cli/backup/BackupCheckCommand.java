package dstack.kms.cli.backup;

import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.onboard.backup.share.HolderIdentity;
import dstack.kms.onboard.backup.share.OpenedShare;
import dstack.kms.onboard.backup.share.ShareFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves that a holder can open his share, and that nothing around it was changed. */
@Command(
    name = "check",
    description =
        "Proves that a holder can open the share and that it is unchanged; shows nothing.")
public final class BackupCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The share file.")
  private InputFile file;

  @Option(
      names = "--identity",
      required = true,
      paramLabel = "KEYFILE",
      description = "The holder's private key: an age identity, or PKCS#8 in PEM.")
  private Path identity;

  @Option(names = "--json", description = "Answer a refusal with one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    ShareFile share = ShareArgument.share(file);
    try (HolderIdentity holder = ShareArgument.identity(identity);
        OpenedShare opened = holder.open(share)) {
      String set = opened.file().manifest().setId().hex();
      spec.commandLine()
          .getOut()
          .println(
              json
                  ? "{\"set\":\"" + set + "\",\"share\":" + share.index() + "}"
                  : "share " + share.index() + " of set " + set + " opens and is unchanged");
    }
    return ExitStatus.DONE.number();
  }
}
