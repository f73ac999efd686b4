package dstack.kms.onboard.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The domain rule of specification 04 §4.1. */
class RpcDomainTest {
  private static final String LABEL_63 = "a".repeat(63);

  @ParameterizedTest
  @ValueSource(
      strings = {"kms.example.com", "localhost", "A-1.b", "127.0.0.1", "0", "xn--bcher-kva"})
  void acceptsNamesAndDottedAddresses(String domain) {
    assertThat(RpcDomain.requested(domain).text()).isEqualTo(domain);
  }

  @Test
  void acceptsLabelsOf63AndNamesOf253Bytes() {
    String longest = String.join(".", LABEL_63, LABEL_63, LABEL_63, "b".repeat(61));

    assertThat(longest).hasSize(253);
    assertThat(RpcDomain.requested(longest).text()).isEqualTo(longest);
  }

  @Test
  void refusesNamesThatAreEmptyLongerThan253BytesOrNotAscii() {
    String tooLong = String.join(".", LABEL_63, LABEL_63, LABEL_63, "b".repeat(62));

    for (String domain : new String[] {"", tooLong, "kms.exämple.com", "kms。example", "\u0080"}) {
      assertThatThrownBy(() -> RpcDomain.requested(domain))
          .isInstanceOf(RefusalException.class)
          .hasMessage("domain must be a non-empty ASCII DNS name of at most 253 bytes")
          .extracting("code")
          .isEqualTo(NodeCertificateRefusal.DOMAIN_INVALID);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kms.",
        ".kms",
        "a..b",
        "-a.b",
        "a-.b",
        "a.-b",
        "a.b-",
        "a_b",
        "a b",
        " ",
        "a\n",
        "a\u0000b",
        "*.example.com",
        "[::1]",
        "::1",
        "a/b",
        "a:8000",
        "."
      })
  void refusesEveryInvalidLabel(String domain) {
    assertThatThrownBy(() -> RpcDomain.requested(domain))
        .isInstanceOf(RefusalException.class)
        .hasMessage("domain contains an invalid DNS label");
  }

  @Test
  void refusesLabelsOf64Bytes() {
    assertThatThrownBy(() -> RpcDomain.requested("a".repeat(64) + ".b"))
        .hasMessage("domain contains an invalid DNS label");
  }

  @Test
  void readsStoredDomainsOfOlderVersionsTrimmedAndUnchecked() {
    assertThat(RpcDomain.stored(" kms_1.example.\n").text()).isEqualTo("kms_1.example.");
  }

  @Test
  void refusesStoredDomainsWithoutAnythingInThem() {
    assertThatThrownBy(() -> RpcDomain.stored(" \n"))
        .isInstanceOf(RefusalException.class)
        .extracting("code")
        .isEqualTo(NodeCertificateRefusal.DOMAIN_MISSING);
  }
}
