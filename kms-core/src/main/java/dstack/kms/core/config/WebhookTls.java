package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who the webhook must be and who this node is to it: {@code core.auth_api.webhook.ca}, {@code
 * client_cert}, {@code client_key}.
 *
 * @param authorities PEM certificates that alone may have issued the service's; without them those
 *     of the Java runtime
 * @param identity shown to the service if it asks
 */
public record WebhookTls(Optional<Path> authorities, Optional<Identity> identity) {
  /** The trust of the Java runtime, and no client certificate. */
  public static final WebhookTls DEFAULT = new WebhookTls(Optional.empty(), Optional.empty());

  /**
   * A certificate and its key.
   *
   * @param certificate in PEM, one of a P-256 key
   * @param key in PEM (PKCS #8)
   */
  public record Identity(Path certificate, Path key) {}

  /** A service that is spoken to in the clear can be no one in particular. */
  void requireSpokenWith(EndpointUrl url, Section hook) {
    if (url.isPlain() && !equals(DEFAULT)) {
      throw new RefusalException(
          ConfigRefusal.CONTRADICTION,
          hook.where("ca")
              + ", "
              + hook.where("client_cert")
              + " and "
              + hook.where("client_key")
              + " mean nothing where "
              + hook.where("url")
              + " is plain http: use https, or leave them out");
    }
  }

  static WebhookTls read(Section hook) {
    Optional<Path> authorities = hook.paths().optional("ca");
    Optional<Path> certificate = hook.paths().optional("client_cert");
    Optional<Path> key = hook.paths().optional("client_key");
    if (certificate.isPresent() != key.isPresent()) {
      throw new RefusalException(
          ConfigRefusal.CONTRADICTION,
          hook.where("client_cert") + " and " + hook.where("client_key") + " go together");
    }
    return new WebhookTls(
        authorities, certificate.flatMap(file -> key.map(own -> new Identity(file, own))));
  }
}
