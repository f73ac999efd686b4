package dstack.kms.sim.collateral;

/** The TCB evaluation data number that TCB info and QE identity have in common. */
final class EvaluationData {
  static final int NUMBER = 20;

  private EvaluationData() {}
}
