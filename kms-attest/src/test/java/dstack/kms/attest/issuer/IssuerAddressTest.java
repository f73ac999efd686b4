package dstack.kms.attest.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** T-25: whatever a certificate names, nothing but the issuers' own hosts is asked. */
class IssuerAddressTest {
  private static IssuerAddress of(String uri) {
    return IssuerAddress.of(uri, HostPatterns.google(), Reach.PUBLIC);
  }

  @ParameterizedTest
  @CsvSource({
    "http://pki.goog/cloud_integrity/tpm_ek_root_1.crl,false,pki.goog,80,/cloud_integrity/tpm_ek_root_1.crl",
    "https://PKI.goog/x?y=z,true,pki.goog,443,/x?y=z",
    "https://pki.goog:443,true,pki.goog,443,/",
    "http://privateca-content-633beb94-0000-25c1-a9d7-001a114ba6e8.storage.googleapis.com/c/ca.crt,false,privateca-content-633beb94-0000-25c1-a9d7-001a114ba6e8.storage.googleapis.com,80,/c/ca.crt",
    "http://c.pki.goog/a,false,c.pki.goog,80,/a"
  })
  void takesTheIssuersHosts(String uri, boolean tls, String host, int port, String path) {
    assertThat(of(uri))
        .isEqualTo(new IssuerAddress(tls, host, port, path, IssuerAddress.Network.PUBLIC));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pki.goog",
        "//pki.goog/",
        "ftp://pki.goog/",
        "file:///etc/passwd",
        "ldap://pki.goog/",
        "jar:http://pki.goog/!/",
        "http:pki.goog",
        "http://pki.goog:8080/",
        "https://pki.goog:80/",
        "http://user@pki.goog/",
        "http://user:pw@pki.goog/",
        "http://pki.goog@evil.example/",
        "http://pki.goog/#fragment",
        "http://pki.goog.evil.example/",
        "http://evilpki.goog/",
        "http://a.b.pki.goog/",
        "http://.pki.goog/",
        "http://pki.goog./",
        "http://storage.googleapis.com/privateca-content-x",
        "http://privateca-content-.storage.googleapis.com/",
        "http://privateca-content-a.b.storage.googleapis.com/",
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://pki.goog/a b",
        "http://pki.goog/\r\nX: y",
        "http://pki.goog/ä",
        "http://pki.goog/%zz"
      })
  void refusesEveryOtherAddress(String uri) {
    assertThatThrownBy(() -> of(uri))
        .isInstanceOfSatisfying(
            RefusalException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.ADDRESS));
  }

  @Test
  void refusesLongAddresses() {
    String prefix = "http://pki.goog/";
    assertThat(of(prefix + "a".repeat(1024 - prefix.length())).path()).hasSize(1009);
    assertThatThrownBy(() -> of(prefix + "a".repeat(1025 - prefix.length())))
        .isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4711/x,true",
    "http://localhost:4711/x,true",
    "http://pki.goog/x,false"
  })
  void loopbackIsTakenOnlyWhereTheWiringSaysSo(String uri, boolean loopback) {
    IssuerAddress address = IssuerAddress.of(uri, HostPatterns.google(), Reach.PUBLIC_AND_LOOPBACK);
    assertThat(address.network() == IssuerAddress.Network.LOOPBACK).isEqualTo(loopback);
    assertThatThrownBy(
            () ->
                IssuerAddress.of(
                    "http://127.0.0.2:80/", HostPatterns.google(), Reach.PUBLIC_AND_LOOPBACK))
        .isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://aws-nitro-enclaves-crl.s3.amazonaws.com/crl/x.crl",
        "http://crl-us-east-1-aws-nitro-enclaves.s3.us-east-1.amazonaws.com/crl/x.crl"
      })
  void takesAmazonsHosts(String uri) {
    assertThat(IssuerAddress.of(uri, HostPatterns.amazon(), Reach.PUBLIC)).isNotNull();
    assertThatThrownBy(() -> of(uri)).isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "host", "a..b", "http://a.b", "a.b/c", "a.b:80", "ä.b"})
  void patternsMustBeHostNames(String pattern) {
    assertThatThrownBy(() -> HostPatterns.of(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::7f00:1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2001:0:1::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "4000::1",
        "100::1"
      })
  void addressesThatAreNotPublic(String address) {
    assertThat(AddressRange.isPublic(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "223.255.255.255",
        "2607:f8b0::1",
        "2a00:1450:4001::1",
        "2600:1f18::1",
        "64:ff9b::808:808"
      })
  void addressesThatArePublic(String address) {
    assertThat(AddressRange.isPublic(InetAddress.ofLiteral(address))).isTrue();
  }
}
