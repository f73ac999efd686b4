package dstack.kms.cli.explain;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.chain.explain.Shortfall;
import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.cli.outcome.OneLine;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.OutsideView;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies an attestation, asks the configured authority, and says what is missing. */
@Command(
    name = "explain",
    description = {
      "Says whether an attestation would be allowed, and what it lacks on chain.",
      "It is verified as a server of this configuration does. With each rule of the contract that",
      "fails comes the command that would allow it.",
      "Ends with 0 if it is allowed, with 1 if not."
    })
public final class ExplainCommand implements Callable<Integer> {
  private final Map<String, String> variables;
  private final NodeContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The attestation: binary, hexadecimal, or the JSON of a guest agent.")
  private InputFile file;

  @Option(names = "--kms", description = "As a KMS node; else as an app that asks for its keys.")
  private boolean asKms;

  @Option(
      names = "--vm-config",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "VM configuration as a client sends it, instead of the one in the evidence.")
  private @Nullable InputFile vmConfig;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that also sees these variables. */
  public ExplainCommand(Map<String, String> variables, NodeContext context) {
    this.variables = Map.copyOf(variables);
    this.context = context;
  }

  @Override
  public Integer call() {
    UnverifiedAttestation claimed = AttestationFile.parse(file.bytes());
    KmsConfig config = KmsConfig.load(options.sources(variables));
    try (OutsideView view = OutsideView.of(config, context)) {
      BootInfo boot =
          view.verifier().verify(claimed).bootInfo(vmConfigText(), MeasurementPoint.RUNTIME);
      Decision decision =
          asKms ? view.authority().decideKms(boot) : view.authority().decideApp(boot);
      Shortfalls shortfalls = new Shortfalls(config.authority());
      List<Shortfall> missing = asKms ? shortfalls.ofKms(boot) : shortfalls.ofApp(boot);
      ExplainAnswer answer = ExplainAnswer.of(decision, missing);
      print(answer, missing);
      return (answer.allowed() ? ExitStatus.DONE : ExitStatus.REFUSED).number();
    }
  }

  private void print(ExplainAnswer answer, List<Shortfall> missing) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(answer));
    } else {
      out.println(answer.allowed() ? "allowed" : "not allowed: " + OneLine.of(answer.reason()));
      ShortfallLines.print(missing, out);
    }
  }

  private String vmConfigText() {
    return vmConfig == null ? "" : vmConfig.text();
  }
}
