package dstack.kms.rpc.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.rpc.http.ClientConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one who guesses is known by. */
final class FailureThrottleTest {
  private final FailureThrottle throttle =
      new FailureThrottle(InstantSource.fixed(Instant.parse("2026-06-01T12:00:00Z")));

  private static String known(String address) throws UnknownHostException {
    return FailureThrottle.addressOf(
        new ClientConnection(
            new InetSocketAddress(InetAddress.getByName(address), 1), Optional.empty()));
  }

  @Test
  void t38_locksWhoeverGuessesFromManyAddressesOfOneIpv6Network() throws UnknownHostException {
    for (int i = 0; i < FailureThrottle.ATTEMPTS; i++) {
      assertThat(throttle.locks(known("2001:db8:0:1::" + i))).isFalse();
      throttle.failed(known("2001:db8:0:1::" + i));
    }

    assertThat(throttle.locks(known("2001:db8:0:1:ffff::1"))).isTrue();
    assertThat(throttle.locks(known("2001:db8:0:2::1"))).isFalse();
  }

  @Test
  void tellsIpv4AddressesApart() throws UnknownHostException {
    assertThat(known("192.0.2.1")).isNotEqualTo(known("192.0.2.2"));
    assertThat(known("192.0.2.1")).isEqualTo(known("::ffff:192.0.2.1"));
  }

  @Test
  void takesAnotherKindOfAddressWhole() {
    UnixDomainSocketAddress socket = UnixDomainSocketAddress.of("/run/kms");
    assertThat(FailureThrottle.addressOf(new ClientConnection(socket, Optional.empty())))
        .isEqualTo("/run/kms");
  }
}
