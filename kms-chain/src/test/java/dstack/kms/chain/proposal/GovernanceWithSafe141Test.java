package dstack.kms.chain.proposal;

import dstack.kms.chain.safe.SafeVersion;

final class GovernanceWithSafe141Test extends GovernanceScenarios {
  GovernanceWithSafe141Test() {
    super(SafeVersion.V1_4_1);
  }
}
