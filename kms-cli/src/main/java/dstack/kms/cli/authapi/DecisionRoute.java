package dstack.kms.cli.authapi;

import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;

/** What the two questions are about. */
enum DecisionRoute {
  /** {@code POST /bootAuth/app}. */
  APP("app", AuditKind.APP_DECISION),
  /** {@code POST /bootAuth/kms}. */
  KMS("kms", AuditKind.KMS_DECISION);

  private final String word;
  private final AuditKind kind;

  DecisionRoute(String word, AuditKind kind) {
    this.word = word;
    this.kind = kind;
  }

  /** In paths, metrics and the log. */
  String word() {
    return word;
  }

  /** Of the line in the audit log. */
  AuditKind kind() {
    return kind;
  }

  /** Asks that authority. */
  Decision ask(Authority authority, BootInfo about) {
    return switch (this) {
      case APP -> authority.decideApp(about);
      case KMS -> authority.decideKms(about);
    };
  }
}
