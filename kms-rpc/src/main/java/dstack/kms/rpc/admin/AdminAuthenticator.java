package dstack.kms.rpc.admin;

import dstack.kms.core.config.AdminConfig;
import dstack.kms.core.config.TokenDigest;
import dstack.kms.rpc.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Reads and judges the credentials of a request, in the order of specification 01 §7. */
final class AdminAuthenticator {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private final boolean open;
  private final Optional<TokenDigest> token;
  private final Htpasswd users;

  AdminAuthenticator(AdminConfig config) {
    open = config.insecureNoAuth();
    token = config.token();
    users = config.htpasswdFile().map(Htpasswd::read).orElse(Htpasswd.NONE);
  }

  /** Judges everything but bcrypt; fast enough for an event loop. */
  Attempt judge(RequestHead head) {
    if (open || head.header("X-Admin-Token").filter(this::isToken).isPresent()) {
      return new Attempt.Accepted();
    }
    String authorization = head.header("Authorization").orElse("");
    if (authorization.startsWith(BEARER)) {
      return verdict(isToken(authorization.substring(BEARER.length()).strip()));
    }
    if (authorization.startsWith(BASIC)) {
      return basic(authorization.substring(BASIC.length()));
    }
    return new Attempt.Rejected();
  }

  /** Verifies a password; slow, for virtual threads only. */
  boolean verifies(Attempt.Password attempt) {
    return users.verifies(attempt.user(), attempt.password());
  }

  private Attempt basic(String encoded) {
    Optional<String> decoded = decode(encoded);
    if (decoded.isEmpty()) {
      return new Attempt.Rejected();
    }
    int colon = decoded.get().indexOf(':');
    String user = colon < 0 ? decoded.get() : decoded.get().substring(0, colon);
    String password = colon < 0 ? "" : decoded.get().substring(colon + 1);
    if (isToken(password) || (password.isEmpty() && isToken(user))) {
      return new Attempt.Accepted();
    }
    return users.isEmpty() ? new Attempt.Rejected() : new Attempt.Password(user, password);
  }

  private boolean isToken(String candidate) {
    return token.isPresent() && token.get().matches(candidate);
  }

  private static Attempt verdict(boolean accepted) {
    return accepted ? new Attempt.Accepted() : new Attempt.Rejected();
  }

  private static Optional<String> decode(String encoded) {
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      boolean padded = encoded.length() % 4 == 0;
      return padded
          ? Optional.of(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString())
          : Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
