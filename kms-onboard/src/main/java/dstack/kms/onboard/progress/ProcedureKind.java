package dstack.kms.onboard.progress;

import java.util.List;

/** The procedures that give a node its keys. */
public enum ProcedureKind {
  /** New root keys are made. */
  BOOTSTRAP,
  /** The root keys of another node are taken over. */
  ONBOARD,
  /** The root keys come from a backup. */
  RESTORE;

  private static final List<SetupStep> OF_BOOTSTRAP =
      List.of(
          SetupStep.CHECKING,
          SetupStep.AUTHORIZATION,
          SetupStep.KEYS,
          SetupStep.CERTIFICATES,
          SetupStep.KEY_STATEMENT,
          SetupStep.STORE);

  private static final List<SetupStep> OF_ONBOARD =
      List.of(
          SetupStep.CHECKING,
          SetupStep.SOURCE,
          SetupStep.SOURCE_EVIDENCE,
          SetupStep.SOURCE_AUTHORIZATION,
          SetupStep.OWN_EVIDENCE,
          SetupStep.SOURCE_KEYS,
          SetupStep.KEY_CHECK,
          SetupStep.CERTIFICATES,
          SetupStep.STORE);

  private static final List<SetupStep> OF_RESTORE =
      List.of(
          SetupStep.CHECKING,
          SetupStep.AUTHORIZATION,
          SetupStep.SHARES,
          SetupStep.KEY_CHECK,
          SetupStep.CERTIFICATES,
          SetupStep.STORE);

  /** The steps in their usual order. */
  List<SetupStep> plan() {
    return switch (this) {
      case BOOTSTRAP -> OF_BOOTSTRAP;
      case ONBOARD -> OF_ONBOARD;
      case RESTORE -> OF_RESTORE;
    };
  }
}
