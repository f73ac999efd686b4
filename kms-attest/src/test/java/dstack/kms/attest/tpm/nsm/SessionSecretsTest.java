package dstack.kms.attest.tpm.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.command.CommandCode;
import dstack.kms.attest.tpm.software.FakeNitroTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The formulas of specification 15 §9; values by the specification and by Python's hmac. */
class SessionSecretsTest {
  @Test
  void hashesTheVendorCommandAsTheSpecificationSays() {
    byte[] name = new byte[68];
    for (int i = 0; i < name.length; i++) {
      name[i] = (byte) i;
    }
    assertThat(
            SessionSecrets.commandHash(
                    CommandCode.NSM_REQUEST, List.of(Bytes.of(name), Bytes.of(name)), Bytes.EMPTY)
                .hex())
        .isEqualTo(
            "c3869a4e945d90e6688365a59e14d2c5ab3d2b4579261a4a4377fe918d5d350933284223b6a569e384124d2bceb2173dac7a4171181efed7a5697d862174f9dc");
  }

  @Test
  void derivesTheSessionKeyFromSaltAndNonces() {
    byte[] key =
        SessionSecrets.sessionKey(
            Bytes.fromHex("11".repeat(32)).toArray(),
            Bytes.fromHex("22".repeat(64)),
            Bytes.fromHex("33".repeat(64)));
    assertThat(Bytes.of(key).hex())
        .isEqualTo(
            "a0b87f760d6bc150b86948257c09ffb90d2eaba1a8ae8476332ab78e59d1b01b2da1a414e6c1f12a9aa002039f4be7118bf28539574069f8b8496074ae0f3518");
  }

  @Test
  void provesKnowledgeOfKeyAndPassword() {
    Bytes proof =
        SessionSecrets.proof(
            Bytes.fromHex("44".repeat(128)).toArray(),
            Bytes.fromHex("55".repeat(64)),
            Bytes.fromHex("66".repeat(64)),
            Bytes.fromHex("77".repeat(64)),
            1);
    assertThat(proof.hex())
        .isEqualTo(
            "d997ba9ad20c40f9a4d433828c399d89136c7584d78974a46d2e04aadbd6ea9c8b976c5cf87ad5788220af5cfe3f43fa800308a87490d9097f33cf05e2f49895");
  }

  @Test
  void makesTheTemplateOfTheSpecification() {
    assertThat(EndorsementKey.template().hex())
        .isEqualTo(
            "0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa00060080004300100800000000000100"
                + "00".repeat(256));
  }

  static Stream<String> otherKeys() {
    String head = EndorsementKey.template().slice(0, 52).hex();
    String modulus = "80" + "00".repeat(254) + "01";
    return Stream.of(
        "",
        head.replaceFirst("^0001", "0023") + "00000000" + "0100" + modulus,
        head.replace("0080", "0100") + "00000000" + "0100" + modulus,
        head.replace("8371", "8372") + "00000000" + "0100" + modulus,
        head + "00000000" + "0100" + modulus,
        head + "00000003" + "0100" + FakeNitroTpm.MODULUS,
        head + "00000000" + "0100" + "00" + modulus.substring(2),
        head + "00000000" + "0100" + modulus.substring(0, 510) + "02",
        head + "00000000" + "00ff" + modulus.substring(0, 508) + "01",
        head + "00000000" + "0100" + modulus + "00");
  }

  @ParameterizedTest
  @MethodSource("otherKeys")
  void encryptsNoSaltToAnotherKeyThanAskedFor(String publicArea) {
    assertThatThrownBy(() -> EndorsementKey.read(Bytes.fromHex(publicArea)))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(TpmRefusal.MALFORMED_ANSWER));
  }

  @Test
  void readsTheKeyWithEitherSpellingOfTheExponent() {
    String head = EndorsementKey.template().slice(0, 52).hex();
    String modulus = "0100" + FakeNitroTpm.MODULUS;
    EndorsementKey usual = EndorsementKey.read(Bytes.fromHex(head + "00000000" + modulus));
    assertThat(EndorsementKey.read(Bytes.fromHex(head + "00010001" + modulus))).isEqualTo(usual);
    assertThatThrownBy(() -> usual.encrypt(new byte[31], new SecureRandom()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
