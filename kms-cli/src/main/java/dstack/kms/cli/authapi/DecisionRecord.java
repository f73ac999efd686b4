package dstack.kms.cli.authapi;

import dstack.kms.chain.rpc.ForeignWords;
import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.refusal.RefusalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every decision before it is answered: in the audit log, the counters and the log.
 *
 * <p>What is allowed is answered once its line is durable, and not at all where none can be
 * written, as with releases of keys (T-45). The words of contracts, endpoints and askers are shown
 * without control characters and cut.
 */
final class DecisionRecord {
  private static final Logger log = LoggerFactory.getLogger(DecisionRecord.class);

  private final AuditTrail audit;
  private final DecisionCounters counters;

  DecisionRecord(AuditTrail audit, DecisionCounters counters) {
    this.audit = audit;
    this.counters = counters;
  }

  /** The decision as it may be answered. */
  Decision of(Question question, Decision decision) {
    Decision kept = audited(question, decision);
    counters.count(question.route().word(), said(question, kept));
    return kept;
  }

  private Decision audited(Question question, Decision decision) {
    return switch (decision) {
      case Decision.Allowed allowed -> durable(question, allowed);
      case Decision.Denied denied -> {
        noted(question, new RefusalException(AuthorityRefusal.DENIED, denied.reason()));
        yield denied;
      }
      case Decision.Undecided undecided -> {
        noted(question, undecided.why());
        yield undecided;
      }
    };
  }

  private Decision durable(Question question, Decision.Allowed allowed) {
    try {
      audit.require(AuditEvent.done(question.route().kind(), question.facts()).at(allowed.block()));
      return allowed;
    } catch (RefusalException e) {
      return new Decision.Undecided(e);
    }
  }

  private void noted(Question question, RefusalException why) {
    audit.note(AuditEvent.refused(question.route().kind(), why, question.facts()));
  }

  private static DecisionCounters.Outcome said(Question question, Decision decision) {
    String route = question.route().word();
    String app = question.about().appId().hex();
    return switch (decision) {
      case Decision.Allowed allowed -> {
        log.info("{} {}: allowed, gateway {}", route, app, shown(allowed.gatewayAppId()));
        yield DecisionCounters.Outcome.ALLOWED;
      }
      case Decision.Denied denied -> {
        log.info("{} {}: denied: {}", route, app, shown(denied.reason()));
        yield DecisionCounters.Outcome.DENIED;
      }
      case Decision.Undecided(RefusalException why) -> {
        log.warn("{} {}: not decided: {}", route, app, shown(why));
        yield DecisionCounters.Outcome.UNDECIDED;
      }
    };
  }

  /** Code, text and detail on one line. */
  static String shown(RefusalException why) {
    return "[" + why.code().code() + "] " + shown(why.text()) + " " + shown(why.detail());
  }

  private static String shown(String text) {
    return ForeignWords.shown(text);
  }
}
