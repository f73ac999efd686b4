package dstack.kms.cli.epoch;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.input.HexBytes;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.epoch.AppReleases;
import dstack.kms.onboard.epoch.EpochInventory;
import dstack.kms.onboard.epoch.EpochPins;
import dstack.kms.onboard.epoch.ReleaseHistory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what is pinned to the roots of a generation, with values, places and ways to move. */
@Command(
    name = "pins",
    description = {
      "Lists everything that is pinned to the roots of one generation.",
      "Applications come from the audit log on this machine and from --app-id."
    })
public final class EpochPinsCommand implements Callable<Integer> {
  private final Map<String, String> variables;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(names = "--epoch", paramLabel = "N", description = "Default: core.epoch.")
  private @Nullable Integer epoch;

  @Option(
      names = "--app-id",
      paramLabel = "HEX",
      converter = HexBytes.class,
      description = "An application that the log does not know; may be given several times.")
  private List<Bytes> appIds = new ArrayList<>();

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A list that also sees these variables. */
  public EpochPinsCommand(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  @Override
  public Integer call() {
    KmsConfig config = KmsConfig.load(options.sources(variables));
    int wanted = epoch == null ? config.epoch() : epoch;
    EpochPins pins =
        EpochPins.of(new EpochInventory(config.certDir()), wanted, apps(config, wanted));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(PinsAnswer.of(pins)));
    } else {
      PinsAnswer.print(pins, out);
    }
    return ExitStatus.DONE.number();
  }

  /** From the first place of the log that says anything; each place is the whole log. */
  private List<AppReleases> apps(KmsConfig config, int wanted) {
    List<AppReleases> known = new ArrayList<>();
    for (Path directory : config.audit().directories()) {
      if (known.isEmpty()) {
        known.addAll(ReleaseHistory.read(directory, wanted));
      }
    }
    for (Bytes id : appIds) {
      AppId app = new AppId(id);
      if (known.stream().noneMatch(each -> each.app().equals(app))) {
        known.add(AppReleases.unrecorded(app));
      }
    }
    return known;
  }
}
