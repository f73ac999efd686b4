package dstack.kms.core.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

class ParsedCertificateFuzz {
  @FuzzTest
  void anyInputIsTakenApartWithinItsBoundsOrRefused(byte[] input) {
    try {
      ParsedCertificate parsed = ParsedCertificate.parse(Bytes.of(input));
      assertThat(parsed.spki().length()).isLessThan(input.length);
      KmsExtensions extensions = new KmsExtensions(parsed);
      for (KmsExtension extension : KmsExtension.values()) {
        assertThat(extensions.find(extension)).isNotNull();
      }
      assertThat(parsed.notBefore()).isNotNull();
      assertThat(parsed.isCa() || parsed.unknownCritical().isEmpty()).isIn(true, false);
    } catch (RefusalException e) {
      assertThat(e.text()).isNotEmpty();
    }
  }

  @FuzzTest
  void anyTextIsReadAsPemOrRefused(byte[] input) {
    try {
      assertThat(Pem.decodeAll(Bytes.of(input).utf8Text())).isNotEmpty();
    } catch (RefusalException e) {
      assertThat(e.text()).startsWith("malformed PEM");
    }
  }

  @FuzzTest
  void anyInputIsReadAsAppInfoOrRefused(byte[] input) {
    try {
      AppInfo info = AppInfoCodec.decode(Bytes.of(input));
      assertThat(AppInfoCodec.decode(AppInfoCodec.encode(info))).isEqualTo(info);
    } catch (RefusalException e) {
      assertThat(e.text()).startsWith("Failed to decode app info");
    }
  }
}
