package dstack.kms.cli.doctor;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.doctor.Finding.Level;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.cli.outcome.OneLine;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.node.NodeContext;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Examines this machine for a server that would run on it. */
@Command(
    name = "doctor",
    description = {
      "Examines this machine before a server runs on it: memory, disk, ports, devices, clock,",
      "collateral, authority. The chain, the contract and the collateral services are those of the",
      "configuration, which is read as the server reads it. Each finding says what to do. Changes",
      "nothing.",
      "Status 1 for any problem, 3 if all that is wrong is that something did not answer."
    })
public final class DoctorCommand implements Callable<Integer> {
  private final Map<String, String> variables;
  private final NodeContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private ChainOptions chain;

  @Option(names = "--offline", description = "Asks nobody over the network.")
  private boolean offline;

  @Option(names = "--json", description = "Answers with one JSON object.")
  private boolean json;

  /** A command that also sees these variables. */
  public DoctorCommand(Map<String, String> variables, NodeContext context) {
    this.variables = Map.copyOf(variables);
    this.context = context;
  }

  /** What a program reads. */
  private record Answer(boolean ok, List<Entry> findings) {}

  /** One finding of it. */
  private record Entry(String check, String level, String found, String advice) {}

  @Override
  public Integer call() {
    List<Finding> found = examined();
    ExitStatus status = Doctor.status(found);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      List<Entry> entries =
          found.stream()
              .map(
                  each ->
                      new Entry(
                          each.check(),
                          each.level().word().toLowerCase(Locale.ROOT),
                          each.found(),
                          each.advice()))
              .toList();
      out.println(JsonText.of(new Answer(status == ExitStatus.DONE, entries)));
    } else {
      found.forEach(each -> print(out, each));
      out.println(sum(found));
    }
    return status.number();
  }

  private List<Finding> examined() {
    Optional<ChainCheck> endpoints = chain.check(spec);
    if (endpoints.isPresent()) {
      return endpoints.get().look(context.clock());
    }
    List<Finding> found = new ArrayList<>();
    try {
      KmsConfig config = KmsConfig.load(options.sources(variables));
      found.add(Finding.ok("configuration", "holds"));
      found.addAll(Doctor.examine(new Host(config, context, Path.of("/")), offline));
    } catch (RefusalException e) {
      found.add(
          Findings.of("configuration", e, "Correct it; `kms config check` shows every value."));
    }
    return found;
  }

  /** What is found may be in the words of whoever answered. */
  private static void print(PrintWriter out, Finding finding) {
    out.printf(
        Locale.ROOT,
        "  %-11s %s: %s%n",
        finding.level().word(),
        finding.check(),
        OneLine.of(finding.found()));
    if (!finding.advice().isEmpty()) {
      out.printf(Locale.ROOT, "  %-11s   %s%n", "", finding.advice());
    }
  }

  private static String sum(List<Finding> found) {
    long bad =
        found.stream()
            .filter(each -> each.level() == Level.PROBLEM || each.level() == Level.UNREACHABLE)
            .count();
    long warnings = found.stream().filter(each -> each.level() == Level.WARNING).count();
    return bad + " problem(s), " + warnings + " warning(s), " + found.size() + " findings";
  }
}
