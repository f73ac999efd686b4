package dstack.kms.attest.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.x509.PckCa;
import dstack.kms.core.bytes.Bytes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 11 §5, the table of addresses. */
class CollateralEndpointTest {
  @ParameterizedTest
  @CsvSource({
    "'', https://pccs.phala.network",
    "' ', https://pccs.phala.network",
    "https://pccs.example, https://pccs.example",
    "https://pccs.example///, https://pccs.example",
    "https://pccs.example/sgx/certification/v4/, https://pccs.example",
    "https://pccs.example/tdx/certification/v4, https://pccs.example",
    "https://pccs.example/tdx/certification/v4/sgx/certification/v4, https://pccs.example",
    "http://127.0.0.1:8081/base/, http://127.0.0.1:8081/base"
  })
  void readsConfiguredAddresses(String configured, String base) {
    assertThat(CollateralEndpoint.of(configured).base()).hasToString(base);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pccs.example",
        "ftp://pccs.example",
        "file:///etc/passwd",
        "https://user:secret@pccs.example",
        "https://pccs.example/?key=1",
        "https://pccs.example/#x",
        "https://",
        "https://a b"
      })
  void refusesOtherAddresses(String configured) {
    assertThatThrownBy(() -> CollateralEndpoint.of(configured))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesTheDocumentsOfAKey() {
    CollateralEndpoint endpoint = CollateralEndpoint.of("https://pccs.example");
    CollateralKey tdx =
        new CollateralKey(TeeType.TDX, Bytes.fromHex("b0c06f00000a"), PckCa.PLATFORM);
    CollateralKey sgx =
        new CollateralKey(TeeType.SGX, Bytes.fromHex("b0c06f00000a"), PckCa.PROCESSOR);

    assertThat(endpoint.pckCrl(tdx))
        .hasToString("https://pccs.example/sgx/certification/v4/pckcrl?ca=platform&encoding=der");
    assertThat(endpoint.pckCrl(sgx))
        .hasToString("https://pccs.example/sgx/certification/v4/pckcrl?ca=processor&encoding=der");
    assertThat(endpoint.tcbInfo(tdx))
        .hasToString("https://pccs.example/tdx/certification/v4/tcb?fmspc=B0C06F00000A");
    assertThat(endpoint.tcbInfo(sgx))
        .hasToString("https://pccs.example/sgx/certification/v4/tcb?fmspc=B0C06F00000A");
    assertThat(endpoint.qeIdentity(tdx))
        .hasToString("https://pccs.example/tdx/certification/v4/qe/identity?update=standard");
    assertThat(endpoint.qeIdentity(sgx))
        .hasToString("https://pccs.example/sgx/certification/v4/qe/identity?update=standard");
    assertThat(endpoint.rootCaCrl())
        .hasToString("https://pccs.example/sgx/certification/v4/rootcacrl");
    assertThat(endpoint.isIntelPcs()).isFalse();
    assertThat(CollateralEndpoint.of("https://api.trustedservices.intel.com/").isIntelPcs())
        .isTrue();
  }

  @Test
  void keysNeedAnFmspcOfSixBytes() {
    for (int length : List.of(0, 5, 7)) {
      assertThatThrownBy(() -> new CollateralKey(TeeType.TDX, Bytes.zeros(length), PckCa.PLATFORM))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "a+b, a+b",
    "%2D%2d, --",
    "%0A, '\n'",
    "100%, 100%",
    "%g0%0g%2, %g0%0g%2",
    "%C3%A4, ä"
  })
  void decodesHeaderValues(String encoded, String decoded) {
    assertThat(PercentEncoding.decode(encoded)).contains(decoded);
  }

  @Test
  void headerValuesThatAreNoUtf8AreNone() {
    assertThat(PercentEncoding.decode("%ff")).isEmpty();
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    CollateralSettings good =
        CollateralSettings.of(List.of(CollateralEndpoint.of("https://pccs.example")));

    assertThatThrownBy(() -> CollateralSettings.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThatThrownBy(
              () ->
                  new CollateralSettings(
                      good.endpoints(),
                      bad,
                      good.totalDeadline(),
                      good.refreshAfter(),
                      good.backOff(),
                      1,
                      good.folder(),
                      good.maxAge()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () ->
                new CollateralSettings(
                    good.endpoints(),
                    good.connectTimeout(),
                    good.totalDeadline(),
                    good.refreshAfter(),
                    good.backOff(),
                    0,
                    good.folder(),
                    good.maxAge()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
