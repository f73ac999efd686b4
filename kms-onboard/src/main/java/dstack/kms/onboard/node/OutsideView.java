package dstack.kms.onboard.node;

import dstack.kms.attest.machine.QuoteSources;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.backup.SessionRule;
import dstack.kms.onboard.backup.SessionVerifier;
import dstack.kms.onboard.preflight.Preflight;
import java.util.Optional;

/**
 * The verifier and the authority of a configuration, for a program that judges nodes and is none
 * itself.
 */
public final class OutsideView implements AutoCloseable {
  private final KmsConfig config;
  private final NodeContext context;
  private final Verification verification;
  private final Authority authority;

  private OutsideView(
      KmsConfig config, NodeContext context, Verification verification, Authority authority) {
    this.config = config;
    this.context = context;
    this.verification = verification;
    this.authority = authority;
  }

  /** As configured. */
  public static OutsideView of(KmsConfig config, NodeContext context) {
    return new OutsideView(
        config,
        context,
        Verification.of(config, context),
        context.authorities().of(config, context.version()));
  }

  /** Judges restore sessions: by the measurement if there is one, else by the authority. */
  public SessionVerifier sessions(Optional<Bytes> measurement) {
    SessionRule byAuthority = new SessionRule.Authorized(authority);
    return new SessionVerifier(
        verification.attestations(),
        measurement.<SessionRule>map(SessionRule.Measured::new).orElse(byAuthority));
  }

  /** Verifies evidence under the configured roots. */
  public AttestationVerifier verifier() {
    return verification.attestations();
  }

  /** The configured authority, open until this is closed. */
  public Authority authority() {
    return authority;
  }

  /** Looks at what stands between this machine and its keys. */
  public Preflight preflight() {
    return new Preflight(
        new Preflight.Parts(
            QuoteSources.of(config, context.random()),
            verification.attestations(),
            authority,
            config.release().enforceSelfAuthorization(),
            config.certDir(),
            context.clock()));
  }

  @Override
  public void close() {
    authority.close();
    verification.close();
  }
}
