package dstack.kms.attest.gcp;

import dstack.kms.core.config.GcpEvidenceConfig;
import java.util.Optional;
import java.util.Set;

/**
 * The operator's lists of machines (specification 14 §11.9). A list that is empty allows all; under
 * any other a certificate that names no machine is refused.
 */
final class InstanceRule {
  private final Set<String> projects;
  private final Set<String> instances;

  InstanceRule(GcpEvidenceConfig config) {
    projects = Set.copyOf(config.projects());
    instances = Set.copyOf(config.instances());
  }

  void require(Optional<GcpInstance> machine) {
    require(projects, "project", machine.map(GcpInstance::project));
    require(instances, "instance", machine.map(instance -> instance.id().toString()));
  }

  private static void require(Set<String> allowed, String what, Optional<String> found) {
    if (!allowed.isEmpty() && !found.map(allowed::contains).orElse(false)) {
      throw GcpRefusal.INSTANCE.because(
          "GCP "
              + what
              + " "
              + found.orElse("without a name")
              + " is not in core.attestation.gcp."
              + what
              + "s");
    }
  }
}
