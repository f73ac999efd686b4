package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The operators' listener: {@code [core.admin]} (specification 01 §7).
 *
 * @param enabled whether there is one
 * @param listen where it listens
 * @param token what a caller must show
 * @param htpasswdFile users and their bcrypt hashes
 * @param insecureNoAuth whether nobody has to show anything
 * @param limits how long a body may be
 */
public record AdminConfig(
    boolean enabled,
    ListenAddress listen,
    Optional<TokenDigest> token,
    Optional<Path> htpasswdFile,
    boolean insecureNoAuth,
    BodyLimits limits) {

  private static final List<String> TOKEN_VARIABLES =
      List.of("DSTACK_KMS_ADMIN_TOKEN", "ADMIN_API_TOKEN");

  static AdminConfig read(Section admin) {
    AdminConfig config =
        new AdminConfig(
            admin.flag("enabled", false),
            admin.listener("127.0.0.1", 8001),
            admin.tokens().one("auth_token", TOKEN_VARIABLES),
            admin.paths().optional("htpasswd_file"),
            admin.flag("insecure_no_auth", false),
            BodyLimits.read(admin.table("limits"), BodyLimits.ADMIN_METHODS));
    config.refuseOpenDoor();
    return config;
  }

  private void refuseOpenDoor() {
    if (enabled && !insecureNoAuth && token.isEmpty() && htpasswdFile.isEmpty()) {
      throw new RefusalException(
          ConfigRefusal.CONTRADICTION,
          "admin API is enabled but neither auth_token nor htpasswd_file is configured; set"
              + " core.admin.auth_token, DSTACK_KMS_ADMIN_TOKEN, ADMIN_API_TOKEN,"
              + " core.admin.htpasswd_file, or insecure_no_auth = true (testing only)");
    }
  }
}
