package dstack.kms.cli.doctor;

import dstack.kms.cli.doctor.Finding.Level;
import dstack.kms.cli.outcome.ExitStatus;
import java.util.ArrayList;
import java.util.List;

/** Runs the checks in the order in which a start would need them. */
final class Doctor {
  private static final List<HostCheck> LOCAL =
      List.of(
          new MemoryCheck(),
          new LimitsCheck(),
          new EntropyCheck(),
          new DiskCheck(),
          new StoredCertificateCheck(),
          new PortsCheck(),
          new NativesCheck(),
          new EvidenceCheck());
  private static final List<HostCheck> REMOTE = List.of(new EndpointsCheck(), new AuthorityCheck());

  private Doctor() {}

  static List<Finding> examine(Host host, boolean offline) {
    List<Finding> found = new ArrayList<>();
    LOCAL.forEach(check -> found.addAll(check.look(host)));
    if (!offline) {
      REMOTE.forEach(check -> found.addAll(check.look(host)));
    }
    return found;
  }

  /** A problem refuses; if all that is wrong is that something did not answer, that is said. */
  static ExitStatus status(List<Finding> found) {
    if (found.stream().anyMatch(each -> each.level() == Level.PROBLEM)) {
      return ExitStatus.REFUSED;
    }
    return found.stream().anyMatch(each -> each.level() == Level.UNREACHABLE)
        ? ExitStatus.UNREACHABLE
        : ExitStatus.DONE;
  }
}
