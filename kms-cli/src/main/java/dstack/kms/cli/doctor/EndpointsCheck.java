package dstack.kms.cli.doctor;

import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.EndpointUrl;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether collateral can be had, and whether this machine's clock agrees with the servers that it
 * asks: all of them would have to lie alike.
 */
final class EndpointsCheck implements HostCheck {
  private static final Duration TOLERATED = Duration.ofMinutes(1);

  /** This program did not exist before. */
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  public List<Finding> look(Host host) {
    List<Finding> found = new ArrayList<>();
    List<Instant> dates = new ArrayList<>();
    for (EndpointUrl pccs : host.config().attestation().pccs()) {
      found.add(collateral(pccs, dates));
    }
    found.add(kds(host.config().attestation().amdKds(), dates));
    if (host.config().authority() instanceof AuthorityConfig.Webhook webhook) {
      HttpProbe.get(webhook.url().uri()).date().ifPresent(dates::add);
    }
    found.add(clock(host.context().clock().instant(), dates));
    return found;
  }

  private static Finding collateral(EndpointUrl pccs, List<Instant> dates) {
    String name = "collateral " + pccs.display();
    String base =
        pccs.display().replaceAll("/+$", "").replaceAll("/(sgx|tdx)/certification/v4$", "");
    HttpProbe.Answer answer =
        HttpProbe.get(URI.create(base + "/tdx/certification/v4/qe/identity?update=standard"));
    answer.date().ifPresent(dates::add);
    String advice =
        "Check the address in core.attestation.urls.pccs and the way to it; no TDX quote verifies"
            + " without.";
    if (answer.status() == 0) {
      return Finding.unreachable(name, "no answer: " + answer.trouble(), advice);
    }
    return answer.status() == 200
        ? Finding.ok(name, "answers")
        : Finding.problem(name, "answered " + answer.status() + ", expected 200", advice);
  }

  /** Only guests on SEV-SNP need it, so that its absence is no more than a warning. */
  private static Finding kds(EndpointUrl kds, List<Instant> dates) {
    String name = "collateral " + kds.display();
    HttpProbe.Answer answer =
        HttpProbe.get(URI.create(kds.display().replaceAll("/+$", "") + "/Milan/cert_chain"));
    answer.date().ifPresent(dates::add);
    if (answer.status() == 200) {
      return Finding.ok(name, "answers");
    }
    return Finding.warning(
        name,
        answer.status() == 0
            ? "no answer: " + answer.trouble()
            : "answered " + answer.status() + ", expected 200",
        "Check core.attestation.urls.amd_kds if there are guests on SEV-SNP; no others need it.");
  }

  private static Finding clock(Instant now, List<Instant> dates) {
    String advice = "Set the clock, or its time service (chrony, systemd-timesyncd).";
    if (now.isBefore(FIRST)) {
      return Finding.problem("clock", "it says " + now + ", before this program existed", advice);
    }
    if (dates.isEmpty()) {
      return Finding.warning(
          "clock",
          "it says " + now + "; nobody answered who could tell whether that is right",
          "Compare it by hand: a wrong clock makes good evidence look old and old look good.");
    }
    Duration least =
        dates.stream()
            .map(date -> Duration.between(date, now))
            .min((one, other) -> one.abs().compareTo(other.abs()))
            .orElseThrow();
    return least.abs().compareTo(TOLERATED) > 0
        ? Finding.problem(
            "clock",
            "it is "
                + least.abs().toSeconds()
                + " s "
                + (least.isNegative() ? "behind" : "ahead of")
                + " every server that was asked",
            advice)
        : Finding.ok("clock", "agrees with " + dates.size() + " server(s) to the minute");
  }
}
