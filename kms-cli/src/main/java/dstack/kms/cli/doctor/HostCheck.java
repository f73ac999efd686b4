package dstack.kms.cli.doctor;

import java.util.List;

/** Looks at one thing. */
@FunctionalInterface
interface HostCheck {
  /** What is found; at least one finding, a good one where all is well. */
  List<Finding> look(Host host);
}
