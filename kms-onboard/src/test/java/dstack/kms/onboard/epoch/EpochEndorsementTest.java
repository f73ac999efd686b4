package dstack.kms.onboard.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.testing.Openssl;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T-42: an endorsement is exactly what the root before it said, or it is nothing. */
class EpochEndorsementTest {
  private static final Generation OLD = Generation.fresh();
  private static final Generation NEW = Generation.fresh();
  private static final String TEXT = endorse(1, OLD, NEW).text();

  @TempDir Path folder;

  static EpochEndorsement endorse(int epoch, Generation previous, Generation current) {
    return endorse(epoch, 1_800_000_000, previous, current);
  }

  private static EpochEndorsement endorse(
      int epoch, long seconds, Generation previous, Generation current) {
    EpochStatement statement =
        new EpochStatement(epoch, seconds, previous.identity(), current.identity());
    try (Secp256k1PrivateKey root = previous.k256()) {
      return EpochEndorsement.make(statement, root);
    }
  }

  @Test
  void readsWhatItWrites() {
    EpochEndorsement read = EpochEndorsement.parse(TEXT);

    assertThat(read.text()).isEqualTo(TEXT);
    assertThat(read.statement().current()).isEqualTo(NEW.identity());
    read.requireFrom(OLD.identity().k256());
    read.requireFor(1, NEW.identity());
  }

  @Test
  void opensslAcceptsTheSignatureOverTheStatementOfTheRecord() throws IOException {
    String fields = TEXT.substring(TEXT.indexOf("previous_ca_pubkey"));
    List<String> hex = new ArrayList<>();
    Pattern.compile("\":\"([0-9a-f]+)\"")
        .matcher(fields)
        .results()
        .forEach(r -> hex.add(r.group(1)));
    String preimage =
        HexFormat.of()
                .formatHex("dstack-kms-epoch-endorsement-v1:".getBytes(StandardCharsets.US_ASCII))
            + "00000001"
            + "000000006b49d200"
            + String.join("", hex.subList(0, 4));
    Path digest = Files.write(folder.resolve("digest"), keccak(HexFormat.of().parseHex(preimage)));
    Path signature = Files.write(folder.resolve("signature"), der(hex.get(4)));
    // SubjectPublicKeyInfo of a compressed secp256k1 point.
    Path key =
        Files.write(
            folder.resolve("key"),
            HexFormat.of().parseHex("3036301006072a8648ce3d020106052b8104000a032200" + hex.get(1)));

    assertThat(
            Openssl.run(
                "pkeyutl",
                "-verify",
                "-pubin",
                "-keyform",
                "DER",
                "-inkey",
                key.toString(),
                "-sigfile",
                signature.toString(),
                "-in",
                digest.toString()))
        .contains("Signature Verified Successfully");
  }

  @Test
  void t42_refusesAnEndorsementInWhichAnyByteDiffers() {
    for (int at = 0; at < TEXT.length(); at++) {
      for (char other : List.of((char) (TEXT.charAt(at) ^ 1), '0', 'f', ' ', '"')) {
        if (other != TEXT.charAt(at)) {
          String altered = TEXT.substring(0, at) + other + TEXT.substring(at + 1);
          assertRefused(altered);
        }
      }
    }
  }

  @Test
  void t42_refusesAnEndorsementThatIsShorterLongerOrSpeltDifferently() {
    for (int length = 0; length < TEXT.length(); length++) {
      assertRefused(TEXT.substring(0, length));
    }
    assertRefused(TEXT + "\n");
    assertRefused(" " + TEXT);
    assertRefused(TEXT.replace("\n", "\r\n"));
    assertRefused(TEXT.replace("\"epoch\":1", "\"epoch\":01"));
    assertRefused(TEXT.replace("\"epoch\":1", "\"epoch\":1,\"epoch\":1"));
    assertRefused(TEXT.replace("\"epoch\":1", "\"epoch\":99999999999"));
    assertRefused(TEXT.replace("\"epoch\":1,", "\"epoch\": 1,"));
    assertRefused(TEXT.replace("\"version\":1", "\"version\":2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "epoch",
        "endorsed_at",
        "previous_ca_pubkey",
        "previous_k256_pubkey",
        "ca_pubkey",
        "k256_pubkey",
        "signature"
      })
  void t42_refusesAnEndorsementWithOneFieldOfAnother(String field) {
    EpochEndorsement foreign = endorse(2, 1_900_000_000, Generation.fresh(), Generation.fresh());
    Pattern value = Pattern.compile("\"" + field + "\":(\"?[0-9a-f]+\"?)");
    var theirs = value.matcher(foreign.text());
    assertThat(theirs.find()).isTrue();

    assertRefusedAs(
        EpochRefusal.SIGNATURE,
        value.matcher(TEXT).replaceFirst("\"" + field + "\":" + theirs.group(1)));
  }

  @Test
  void t42_refusesAnEndorsementThatTheNewRootMadeForItself() {
    EpochStatement statement = new EpochStatement(1, 5, OLD.identity(), NEW.identity());
    try (Secp256k1PrivateKey root = NEW.k256()) {
      assertThatThrownBy(() -> EpochEndorsement.make(statement, root))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(EpochRefusal.SIGNATURE));
    }
  }

  @Test
  void refusesAnotherRootAnotherNumberAndOtherKeysThanExpected() {
    EpochEndorsement read = EpochEndorsement.parse(TEXT);

    assertThatThrownBy(() -> read.requireFrom(NEW.identity().k256()))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("not by " + NEW.identity().k256().compressed().hex());
    assertThatThrownBy(() -> read.requireFor(2, NEW.identity()))
        .isInstanceOf(RefusalException.class)
        .hasMessage("the endorsement is of epoch 1, not of epoch 2");
    assertThatThrownBy(() -> read.requireFor(1, OLD.identity()))
        .isInstanceOf(RefusalException.class)
        .hasMessage("these are not the keys of epoch 1 that the endorsement names");
    RootIdentity half = new RootIdentity(NEW.identity().ca(), OLD.identity().k256());
    assertThatThrownBy(() -> read.requireFor(1, half)).isInstanceOf(RefusalException.class);
  }

  private static void assertRefused(String text) {
    assertThatThrownBy(() -> EpochEndorsement.parse(text))
        .as(text)
        .isInstanceOf(RefusalException.class);
  }

  private static void assertRefusedAs(EpochRefusal refusal, String text) {
    assertThatThrownBy(() -> EpochEndorsement.parse(text))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(refusal));
  }

  private static byte[] keccak(byte[] content) {
    KeccakDigest digest = new KeccakDigest(256);
    digest.update(content, 0, content.length);
    byte[] result = new byte[32];
    digest.doFinal(result, 0);
    return result;
  }

  private static byte[] der(String signature) throws IOException {
    Bytes raw = Bytes.fromHex(signature);
    return new DERSequence(
            new ASN1Integer[] {
              new ASN1Integer(new BigInteger(1, raw.slice(0, 32).toArray())),
              new ASN1Integer(new BigInteger(1, raw.slice(32, 64).toArray()))
            })
        .getEncoded();
  }
}
