package dstack.kms.chain.proposal;

import dstack.kms.chain.safe.SafeVersion;

final class GovernanceWithSafe130Test extends GovernanceScenarios {
  GovernanceWithSafe130Test() {
    super(SafeVersion.V1_3_0);
  }
}
