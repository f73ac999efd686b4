package dstack.kms.core.config;

import java.time.Duration;

/**
 * What a node does by itself while it serves: {@code [core.life]}.
 *
 * @param refreshCertificates how often it renews its certificates (specification 04 §3.3)
 * @param checkSelf how often it asks the authority about itself, for {@code /ready}
 * @param attestSelf how old its own evidence for that question may become
 */
public record LifeConfig(Duration refreshCertificates, Duration checkSelf, Duration attestSelf) {
  static LifeConfig read(Section life) {
    return new LifeConfig(
        life.deadline("refresh_certificates", Duration.ofHours(24)),
        life.deadline("check_self", Duration.ofSeconds(10)),
        life.deadline("attest_self", Duration.ofHours(1)));
  }
}
