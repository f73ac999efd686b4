package dstack.kms.cli.gov.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Fact;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.Ownership;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRole;
import dstack.kms.chain.watch.History;
import dstack.kms.chain.watch.ListAudit;
import dstack.kms.chain.watch.RoleAudit;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.outcome.ExitStatus;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows who may change the policy and what it is, rebuilt from events and asked for. */
@Command(
    name = "audit",
    description = {
      "Shows owners, roles, delay, Safe and all allow-lists, rebuilt from events and read again.",
      "Ends with 1 if anything is doubtful, and says what."
    })
public final class GovAuditCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;
  @Mixin private final FollowedContracts contracts;

  @Option(
      names = "--from",
      paramLabel = "BLOCK",
      defaultValue = "0",
      description = "The block of the first deployment; by default ${DEFAULT-VALUE}.")
  private long from;

  private final List<String> doubts = new ArrayList<>();

  /** A command over these variables. */
  public GovAuditCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
    contracts = new FollowedContracts(variables);
  }

  @Override
  public Integer call() {
    return chain.connect(spec, this::audit).number();
  }

  private ExitStatus audit(Endpoint endpoint) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Address kms = contracts.kms(spec);
    History history =
        History.read(
            endpoint,
            contracts.all(spec),
            from,
            state -> err.println("read up to block " + (state.next() - 1)));
    FactReader facts = FactReader.latest(endpoint);
    out.println("chain " + endpoint.chainId() + ", block " + history.last());
    owned(kms, "kms", facts, out);
    ListAudit.ofKms(kms, history.readings(), facts).forEach(list -> show(list, out));
    contracts.timelock().ifPresent(address -> timelock(endpoint, address, history, out));
    contracts.safe().ifPresent(address -> safe(endpoint, address, out));
    for (Address app : apps(history, kms)) {
      if (endpoint.code(app).isEmpty()) {
        out.println("app " + app + ": no contract");
        continue;
      }
      owned(app, "app", facts, out);
      ListAudit.ofApp(app, history.readings(), facts).forEach(list -> show(list, out));
    }
    doubts.forEach(doubt -> out.println("!! " + doubt));
    return doubts.isEmpty() ? ExitStatus.DONE : ExitStatus.REFUSED;
  }

  private Set<Address> apps(History history, Address kms) {
    Set<Address> apps = new LinkedHashSet<>(history.contracts());
    apps.remove(kms);
    contracts.timelock().ifPresent(apps::remove);
    contracts.safe().ifPresent(apps::remove);
    apps.addAll(contracts.apps());
    return apps;
  }

  private void owned(Address contract, String what, FactReader facts, PrintWriter out) {
    Ownership ownership = Ownership.read(facts, contract);
    out.println(what + " " + contract);
    out.println("  owner " + ownership.owner());
    ownership
        .pendingOwner()
        .filter(pending -> !pending.isZero())
        .ifPresent(
            pending -> {
              out.println("  pending owner " + pending);
              doubts.add(pending + " can take " + contract + " over at any time");
            });
    String implementation =
        facts.find(new Fact.Implementation(contract)).map(AbiValue::words).orElse("none");
    out.println("  implementation " + implementation);
    boolean expected =
        !what.equals("kms")
            || contracts.timelock().isEmpty()
            || contracts.timelock().get().equals(ownership.owner());
    if (!expected) {
      doubts.add("the KMS is owned by " + ownership.owner() + ", not by the timelock");
    }
  }

  private void timelock(Endpoint endpoint, Address address, History history, PrintWriter out) {
    TimelockReader timelock = new TimelockReader(endpoint, address);
    RoleAudit roles = RoleAudit.of(timelock, history.readings());
    out.println("timelock " + address);
    out.println("  least delay " + timelock.minDelay() + " s");
    for (TimelockRole role : TimelockRole.values()) {
      List<String> names = roles.of(role).stream().map(GovAuditCommand::name).sorted().toList();
      out.println("  " + role + " " + String.join(", ", names));
    }
    roles.unknownRoles().forEach(role -> doubts.add("the timelock gave an unknown role " + role));
    roles.of(TimelockRole.DEFAULT_ADMIN).stream()
        .filter(admin -> !admin.equals(address))
        .forEach(admin -> doubts.add(admin + " can give itself every role of the timelock"));
    if (roles.of(TimelockRole.PROPOSER).contains(Address.ZERO)) {
      doubts.add("everybody can schedule at the timelock");
    }
    contracts
        .safe()
        .filter(safe -> !roles.of(TimelockRole.PROPOSER).contains(safe))
        .ifPresent(safe -> doubts.add("the Safe " + safe + " cannot schedule at the timelock"));
  }

  private static String name(Address account) {
    return account.isZero() ? "everybody" : account.checksummed();
  }

  private void safe(Endpoint endpoint, Address address, PrintWriter out) {
    SafeReader safe = new SafeReader(endpoint, address);
    out.println("safe " + address + ", version " + safe.requireVersion().number());
    out.println("  " + safe.threshold() + " of " + safe.owners().size() + " owners decide");
    safe.owners().forEach(owner -> out.println("  owner " + owner));
    out.println("  nonce " + safe.nonce());
    out.println("  fallback handler " + safe.fallbackHandler());
    safe.modules()
        .forEach(
            module -> {
              out.println("  module " + module);
              doubts.add("the module " + module + " can act for the Safe without its owners");
            });
    if (!safe.guard().isZero()) {
      out.println("  guard " + safe.guard());
      doubts.add("the guard " + safe.guard() + " can refuse every transaction of the Safe");
    }
  }

  private void show(ListAudit list, PrintWriter out) {
    out.println("  " + list.title() + ": " + list.entries().size());
    list.entries().forEach(entry -> out.println("    " + entry.words()));
    doubts.addAll(list.doubts());
  }
}
