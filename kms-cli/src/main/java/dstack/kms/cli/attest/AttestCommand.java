package dstack.kms.cli.attest;

import dstack.kms.attest.machine.QuoteSources;
import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.input.ReportDataText;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.QuoteSourceKind;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes one attestation of this machine, as the server would send it. */
@Command(
    name = "attest",
    description =
        "Writes an attestation of this machine from core.quote_source; without -o as hexadecimal.")
public final class AttestCommand implements Callable<Integer> {
  private final Map<String, String> variables;
  private final SecureRandom random;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--report-data",
      required = true,
      paramLabel = "HEX",
      converter = ReportDataText.class,
      description = "The 64 bytes that the evidence is bound to.")
  private ReportData reportData;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the raw bytes here.")
  private @Nullable Path output;

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      converter = SourceWord.class,
      description =
          "Instead of core.quote_source: agent, tdx, gcp-tdx, nitro, nitro-tpm or sev-snp.")
  private @Nullable QuoteSourceKind source;

  @Option(names = "--json", description = "Answer a refusal with one JSON object.")
  private boolean json;

  /** A command that also sees these variables. */
  public AttestCommand(Map<String, String> variables, SecureRandom random) {
    this.variables = Map.copyOf(variables);
    this.random = random;
  }

  @Override
  public Integer call() {
    Bytes attestation = QuoteSources.of(KmsConfig.load(sources()), random).attest(reportData);
    if (output != null) {
      write(attestation, output);
    } else if (json) {
      spec.commandLine().getOut().println("{\"attestation\":\"" + attestation + "\"}");
    } else {
      spec.commandLine().getOut().println(attestation.hex());
    }
    return ExitStatus.DONE.number();
  }

  private ConfigSources sources() {
    ConfigSources sources = options.sources(variables);
    if (source == null) {
      return sources;
    }
    Map<String, String> flags = new HashMap<>(sources.flags());
    flags.put("core.quote_source", source.word());
    return sources.withFlags(flags);
  }

  private static void write(Bytes attestation, Path file) {
    try {
      Files.write(file, attestation.toArray());
    } catch (IOException e) {
      throw RefusalException.causedBy(AttestRefusal.OUTPUT, "cannot write " + file, e);
    }
  }
}
