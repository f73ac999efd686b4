package dstack.kms.cli.fetch;

import dstack.kms.attest.machine.QuoteSources;
import dstack.kms.cli.attest.SourceWord;
import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.input.HexBytes;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.client.fetch.ClientIdentity;
import dstack.kms.client.fetch.Delivery;
import dstack.kms.client.fetch.FetchPlan;
import dstack.kms.client.fetch.Fetched;
import dstack.kms.client.fetch.KeyFetch;
import dstack.kms.client.fetch.Machine;
import dstack.kms.client.keys.AppKeysFile;
import dstack.kms.client.keys.OutputFile;
import dstack.kms.client.trust.KmsJudge;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.QuoteSourceKind;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.secret.Secret;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.OutsideView;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.tls.TlsDefaults;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Gets the keys of an application for the enclave that this runs in. */
@Command(
    name = "get-keys",
    description = {
      "Gets an application's keys for the enclave that this runs in: verifies the KMS, attests",
      "from core.quote_source, and verifies what comes. Writes app_keys.json."
    })
public final class GetKeysCommand implements Callable<Integer> {
  private final Map<String, String> variables;
  private final NodeContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private TrustOptions trust;
  @Mixin private RouteOptions routes;
  @Mixin private CertificateOptions certificate;

  @Option(
      names = {"-k", "--kms-url"},
      required = true,
      split = ",",
      paramLabel = "URL",
      converter = KmsAddress.class,
      description = "The KMS; several, separated by commas, are asked in this order.")
  private List<RpcUrl> urls;

  @Option(
      names = "--app-id",
      required = true,
      paramLabel = "HEX",
      converter = HexBytes.class,
      description = "The application, 20 bytes; what comes must be signed for it.")
  private Bytes appId;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write app_keys.json here, mode 0600; without it to standard output.")
  private @Nullable Path output;

  @Option(
      names = "--allow-plain",
      description = "Take plain answers from a KMS that does not know sealed ones.")
  private boolean allowPlain;

  @Option(
      names = "--self-issued",
      description = "For plain answers: certify the own key, instead of the KMS's temporary CA.")
  private boolean selfIssued;

  @Option(
      names = "--gateway-app-id",
      paramLabel = "TEXT",
      description = "Refuse keys that come with another gateway.")
  private @Nullable String gateway;

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      converter = SourceWord.class,
      description =
          "Instead of core.quote_source: agent, tdx, gcp-tdx, nitro, nitro-tpm or sev-snp.")
  private @Nullable QuoteSourceKind source;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Timeout.class,
      description = "For everything together, tries included (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  @Option(names = "--json", description = "Answer with one JSON object; needs -o for the keys.")
  private boolean json;

  /** A command that also sees these variables. */
  public GetKeysCommand(Map<String, String> variables, NodeContext context) {
    this.variables = Map.copyOf(variables);
    this.context = context;
  }

  @Override
  public Integer call() {
    trust.require(spec.commandLine());
    requireOutputs();
    TlsDefaults.apply();
    KmsConfig config = KmsConfig.load(sources());
    if (trust.isAttested()) {
      try (OutsideView view = OutsideView.of(config, context)) {
        fetch(config, Optional.of(new KmsJudge(view.verifier(), view.authority())));
      }
    } else {
      fetch(config, Optional.empty());
    }
    return ExitStatus.DONE.number();
  }

  /** Keys that cannot be kept are not fetched. */
  private void requireOutputs() {
    List<OutputFile> files =
        Stream.concat(
                Optional.ofNullable(output).map(OutputFile::new).stream(), certificate.files())
            .toList();
    if (files.stream().map(OutputFile::place).distinct().count() < files.size()) {
      throw new ParameterException(
          spec.commandLine(), "--output, --certificate and --certificate-key are different files");
    }
    files.forEach(OutputFile::requireUsable);
  }

  private void fetch(KmsConfig config, Optional<KmsJudge> judge) {
    FetchPlan plan =
        new FetchPlan(
            new AppId(appId),
            trust.trust(judge, spec.commandLine().getErr()),
            allowPlain ? Delivery.SEALED_IF_KNOWN : Delivery.SEALED,
            selfIssued ? ClientIdentity.SELF_ISSUED : ClientIdentity.TEMP_CA,
            Optional.ofNullable(gateway),
            certificate.wish(spec.commandLine()));
    try (Fetched fetched = new KeyFetch(plan, machine(config)).run(urls, timeout)) {
      fetched.certified().ifPresent(key -> certificate.write(key, context.random()));
      answer(fetched);
    }
  }

  private Machine machine(KmsConfig config) {
    return new Machine(
        QuoteSources.of(config, context.random()),
        routes.routes(spec.commandLine(), variables),
        config.rpc().engine(),
        SignatureVerifiers.named(config.cryptoProvider().word()),
        context.random(),
        context.clock());
  }

  /** What goes to standard output has to be a text on the heap; a file does not. */
  private void answer(Fetched fetched) {
    PrintWriter out = spec.commandLine().getOut();
    if (output == null) {
      try (Secret text = AppKeysFile.text(fetched.keys())) {
        String shown = text.expose(raw -> new String(raw, StandardCharsets.UTF_8));
        out.println(shown);
      }
      return;
    }
    AppKeysFile.write(fetched.keys(), output, context.random());
    GetKeysAnswer answer = GetKeysAnswer.of(fetched, output);
    if (json) {
      out.println(JsonText.of(answer));
    } else {
      spec.commandLine().getErr().println("kms: " + answer.line());
    }
  }

  /** An enclave claims the app id that it asks keys for. */
  private ConfigSources sources() {
    ConfigSources sources = options.sources(variables);
    Map<String, String> flags = new HashMap<>(sources.flags());
    flags.put("core.device.nitro_app_id", new AppId(appId).value().hex());
    if (source != null) {
      flags.put("core.quote_source", source.word());
    }
    return sources.withFlags(flags);
  }
}
