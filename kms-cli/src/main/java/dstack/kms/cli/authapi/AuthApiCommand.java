package dstack.kms.cli.authapi;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.serve.StopSignal;
import dstack.kms.core.audit.AuditLog;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.AuthorityMaker;
import dstack.kms.core.config.AuditConfig;
import dstack.kms.core.config.Weakening;
import dstack.kms.rpc.tls.TlsDefaults;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final Logger log = LoggerFactory.getLogger(AuthApiCommand.class);

  private final Map<String, String> variables;
  private final AuthorityMaker authorities;
  private final String version;
  private final InstantSource clock;
  private final SecureRandom random;

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

  @Option(
      names = "--audit",
      paramLabel = "DIR",
      description = {
        "Records each decision in a signed log, DIR/audit, before it is answered; its key is",
        "DIR/audit.key. What cannot be recorded is not allowed."
      })
  private @Nullable Path auditDirectory;

  /** A service that also sees these variables and asks the authority that the maker makes. */
  public AuthApiCommand(
      Map<String, String> variables,
      AuthorityMaker authorities,
      String version,
      InstantSource clock,
      SecureRandom random) {
    this.variables = Map.copyOf(variables);
    this.authorities = authorities;
    this.version = version;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Integer call() {
    TlsDefaults.apply();
    ServiceVariables service = new ServiceVariables(variables);
    InetSocketAddress address =
        service.address(Optional.ofNullable(host), Optional.ofNullable(port));
    List<Weakening> weakenings = service.weakenings(options);
    weakenings.forEach(each -> log.warn("INSECURE: {}: {}", each.key(), each.text()));
    try (TlsOptions.Front front = tls.front();
        Signing signing = Signing.with(Optional.ofNullable(answerKey), clock);
        AuditTrail audit = audit();
        AuthApiServer server =
            AuthApiServer.start(
                service.authority(options, config -> authorities.of(config, version)),
                ServiceSettings.at(address)
                    .behind(front.tls())
                    .signedBy(signing.signer())
                    .recordedIn(audit)
                    .naming(service.contract())
                    .fillingUp(compatPadding)
                    .weakenedBy(weakenings))) {
      PrintWriter out = spec.commandLine().getOut();
      signing.publicKey().ifPresent(key -> out.println("answer key: " + key.text()));
      out.println("auth API: " + front.scheme() + "://" + shown(server.address()) + "/");
      StopSignal.await();
    }
    return ExitStatus.DONE.number();
  }

  private AuditTrail audit() {
    if (auditDirectory == null) {
      log.warn("decisions are not recorded; --audit DIR keeps a signed log of them");
      return AuditTrail.none();
    }
    AuditConfig config = AuditConfig.in(auditDirectory.resolve("audit"));
    return AuditLog.open(config, auditDirectory, clock, random);
  }

  private static String shown(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
