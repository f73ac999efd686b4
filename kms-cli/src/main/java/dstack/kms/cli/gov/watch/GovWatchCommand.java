package dstack.kms.cli.gov.watch;

import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.chain.watch.EventReading;
import dstack.kms.chain.watch.History;
import dstack.kms.chain.watch.Scan;
import dstack.kms.chain.watch.Scanner;
import dstack.kms.chain.watch.WatchState;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints what happens to the policy and to those who govern it, until stopped. */
@Command(
    name = "watch",
    description = "Follows policy, ownership, upgrades, timelock and Safe; goes on after outages.")
public final class GovWatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;
  @Mixin private final FollowedContracts contracts;

  @Option(
      names = "--from",
      paramLabel = "BLOCK",
      description = "Where to begin; by default at the head, or where the state file ends.")
  private @Nullable Long from;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "Where to keep how far it came, so that the next run goes on there.")
  private @Nullable Path state;

  @Option(
      names = "--confirmations",
      paramLabel = "N",
      defaultValue = "0",
      description = "How many blocks must follow; by default ${DEFAULT-VALUE}, to see all at once.")
  private int confirmations;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "12",
      description = "Time between two looks; by default ${DEFAULT-VALUE}.")
  private int interval;

  @Option(names = "--once", description = "Read up to the head and end.")
  private boolean once;

  @Option(names = "--json", description = "Print one JSON object for each event.")
  private boolean json;

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description = "POST each event there as JSON, three tries of at most ten seconds.")
  private @Nullable URI webhook;

  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      description = "Serve Prometheus metrics there.")
  private @Nullable String metricsAddress;

  private final InstantSource clock;
  private final WatchMetrics metrics = new WatchMetrics();

  /** A command over these variables. */
  public GovWatchCommand(Map<String, String> variables, InstantSource clock) {
    chain = new ChainOptions(variables);
    contracts = new FollowedContracts(variables);
    this.clock = clock;
  }

  @Override
  public Integer call() {
    Optional<WatchMetrics.Serving> server = serveMetrics();
    try (AlertWebhook alerts = webhook == null ? null : new AlertWebhook(webhook, Pause.REAL)) {
      return chain.connect(spec, endpoint -> watch(endpoint, Optional.ofNullable(alerts))).number();
    } finally {
      server.ifPresent(WatchMetrics.Serving::stop);
    }
  }

  private Optional<WatchMetrics.Serving> serveMetrics() {
    if (metricsAddress == null) {
      return Optional.empty();
    }
    int colon = metricsAddress.lastIndexOf(':');
    if (colon < 1 || !metricsAddress.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new ParameterException(spec.commandLine(), "--metrics is HOST:PORT");
    }
    int port = Integer.parseInt(metricsAddress.substring(colon + 1));
    return Optional.of(
        metrics.serve(new InetSocketAddress(metricsAddress.substring(0, colon), port)));
  }

  private ExitStatus watch(Endpoint endpoint, Optional<AlertWebhook> alerts) {
    WatchFile file = new WatchFile(state);
    Scanner scanner = new Scanner(endpoint, confirmations, History.RANGE);
    WatchState now = file.read(contracts.all(spec)).orElseGet(() -> beginning(endpoint));
    boolean more = true;
    while (!Thread.currentThread().isInterrupted()) {
      WatchState next = look(scanner, now, alerts);
      more = next.next() > now.next();
      if (!next.equals(now)) {
        file.write(next);
      }
      now = next;
      if (!more && once) {
        return ExitStatus.DONE;
      }
      if (!more) {
        Pause.REAL.lasting(Duration.ofSeconds(interval));
      }
    }
    return ExitStatus.DONE;
  }

  private WatchState beginning(Endpoint endpoint) {
    long first = from == null ? endpoint.head() + 1 : from;
    return WatchState.from(endpoint.chainId(), contracts.all(spec), first);
  }

  /** One look; an endpoint that does not answer changes nothing but the figures. */
  private WatchState look(Scanner scanner, WatchState now, Optional<AlertWebhook> alerts) {
    try {
      Scan scan = scanner.scan(now);
      metrics.scanned(scan, clock.instant());
      report(scan, alerts);
      return scan.state();
    } catch (RefusalException e) {
      if (e.code().kind() != RefusalKind.UNAVAILABLE || once) {
        throw e;
      }
      metrics.failed();
      spec.commandLine().getErr().println("not read: " + e.text());
      return now;
    }
  }

  private void report(Scan scan, Optional<AlertWebhook> alerts) {
    scan.replacedFrom()
        .ifPresent(
            block ->
                spec.commandLine()
                    .getErr()
                    .println(
                        "the chain replaced its blocks from "
                            + block
                            + " on: what was reported from there may not have happened, and what"
                            + " did is reported again"));
    PrintWriter out = spec.commandLine().getOut();
    for (EventReading reading : scan.readings()) {
      String line = JsonText.of(WatchJson.of(reading));
      if (json) {
        out.println(line);
      } else {
        reading.lines().forEach(out::println);
      }
      if (alerts.isPresent() && !alerts.get().tell(line)) {
        metrics.alertLost();
        spec.commandLine().getErr().println("an alert was not taken: " + line);
      }
    }
    out.flush();
  }
}
