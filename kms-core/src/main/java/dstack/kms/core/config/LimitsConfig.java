package dstack.kms.core.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How often the main listener may be asked: {@code [core.limits]}. Empty is without a limit.
 *
 * @param total all requests together
 * @param perAddress requests of one address
 * @param perApp requests of one app that the authority allows
 * @param platformAlarm releases to one machine, above which an alarm is raised (T-04)
 * @param sharedAddresses of balancers, behind which are many clients: not limited by address
 */
public record LimitsConfig(
    Optional<Rate> total,
    Optional<Rate> perAddress,
    Optional<Rate> perApp,
    Optional<Rate> platformAlarm,
    List<InetAddress> sharedAddresses) {
  public LimitsConfig {
    sharedAddresses = List.copyOf(sharedAddresses);
  }

  static LimitsConfig read(Section limits) {
    return new LimitsConfig(
        limits.rate("total", new Rate(5000, Duration.ofSeconds(1))),
        limits.rate("per_address", new Rate(2000, Duration.ofSeconds(1))),
        limits.rate("per_app", new Rate(2000, Duration.ofSeconds(1))),
        limits.rate("platform_alarm", new Rate(5000, Duration.ofHours(1))),
        limits.list("shared_addresses", ConfigText::address, InetAddress::getHostAddress));
  }
}
