package dstack.kms.cli.authapi;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.serve.StopSignal;
import dstack.kms.core.authority.AuthorityMaker;
import dstack.kms.rpc.tls.TlsDefaults;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers other nodes what the policy contract says. */
@Command(
    name = "auth-api",
    description = {
      "Answers other nodes whether a workload may have keys, as the policy contract says.",
      "Routes: GET / and POST /bootAuth/app, /bootAuth/kms; GET /live, /ready, /metrics.",
      "Also reads HOST, PORT, ETH_RPC_URL and KMS_CONTRACT_ADDR, like the original's service.",
      "Ends gracefully on SIGINT and SIGTERM."
    })
public final class AuthApiCommand implements Callable<Integer> {
  private final Map<String, String> variables;
  private final AuthorityMaker authorities;
  private final String version;
  private final InstantSource clock;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Where to listen; by default HOST, else 127.0.0.1.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "0 for any free port; by default PORT, else 8000.")
  private @Nullable String port;

  @Mixin private TlsOptions tls;

  @Option(
      names = "--answer-key",
      paramLabel = "FILE",
      description =
          "Private P-256 key in PEM (PKCS #8); every answer is signed with it, for"
              + " core.auth_api.webhook.answer_key of the clients.")
  private @Nullable Path answerKey;

  @Option(
      names = "--compat-padding",
      description =
          "Fill up fields that are shorter than their width, as the original does; by default such"
              + " a question is denied, as several would name the same app.")
  private boolean compatPadding;

  /** A service that also sees these variables and asks the authority that the maker makes. */
  public AuthApiCommand(
      Map<String, String> variables,
      AuthorityMaker authorities,
      String version,
      InstantSource clock) {
    this.variables = Map.copyOf(variables);
    this.authorities = authorities;
    this.version = version;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    TlsDefaults.apply();
    ServiceVariables service = new ServiceVariables(variables);
    InetSocketAddress address =
        service.address(Optional.ofNullable(host), Optional.ofNullable(port));
    try (TlsOptions.Front front = tls.front();
        Signing signing = Signing.with(Optional.ofNullable(answerKey), clock);
        AuthApiServer server =
            AuthApiServer.start(
                service.authority(options, config -> authorities.of(config, version)),
                address,
                front.tls(),
                signing.signer(),
                service.contract(),
                compatPadding)) {
      PrintWriter out = spec.commandLine().getOut();
      signing.publicKey().ifPresent(key -> out.println("answer key: " + key.text()));
      out.println("auth API: " + front.scheme() + "://" + shown(server.address()) + "/");
      StopSignal.await();
    }
    return ExitStatus.DONE.number();
  }

  private static String shown(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
