package dstack.kms.chain.safe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafeSignatureTest {
  private static OwnerSignature of(int owner, String form) {
    return of(SafeVectors.signature(owner, form));
  }

  private static OwnerSignature of(Bytes signature) {
    return OwnerSignature.of(
        SafeSignature.parse(signature), SafeVectors.hash(), SafeVectors.owners());
  }

  @ParameterizedTest
  @CsvSource({
    "0,eip712",
    "0,eth_sign",
    "0,approvedHash",
    "1,eip712",
    "1,eth_sign",
    "1,approvedHash"
  })
  void namesItsOwnerInEveryForm(int owner, String form) {
    assertThat(of(owner, form).owner()).isEqualTo(SafeVectors.owner(owner));
    assertThat(of(owner, form).signature().bytes()).isEqualTo(SafeVectors.signature(owner, form));
  }

  @Test
  void isPackedByAscendingOwnerWhateverTheOrderOfCollection() {
    assertThat(SignatureBlob.pack(List.of(of(1, "eip712"), of(0, "eip712")), 2))
        .isEqualTo(SafeVectors.bytes("/packedSignatures"));
    assertThat(SignatureBlob.pack(List.of(of(1, "eip712"), of(0, "eip712")), 1))
        .isEqualTo(SafeVectors.signature(0, "eip712"));
  }

  @Test
  void ofAContractStandsBehindAllPartsAtTheOffsetThatItsPartNames() {
    Address contract = SafeVectors.owner(0);
    SafeSignature.ByContract first =
        new SafeSignature.ByContract(contract, Bytes.fromHex("aabbcc"));
    OwnerSignature byContract =
        OwnerSignature.of(
            SafeSignature.parse(first.bytes()), SafeVectors.hash(), SafeVectors.owners());
    Bytes blob = SignatureBlob.pack(List.of(of(1, "eip712"), byContract), 2);
    assertThat(blob.hex())
        .isEqualTo(
            contract.word().value().hex()
                + "0".repeat(61)
                + "082"
                + "00"
                + SafeVectors.signature(1, "eip712").hex()
                + "0".repeat(63)
                + "3"
                + "aabbcc");
  }

  @Test
  void refusesTwoOfOneOwnerEvenInDifferentForms() {
    assertThatThrownBy(() -> SignatureBlob.pack(List.of(of(0, "eip712"), of(0, "eth_sign")), 2))
        .hasMessageContaining("two signatures of owner");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 3})
  void refusesAThresholdThatIsNotReached(int threshold) {
    assertThatThrownBy(
            () -> SignatureBlob.pack(List.of(of(0, "eip712"), of(1, "eip712")), threshold))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(SafeRefusal.THRESHOLD));
  }

  @Test
  void refusesAStrangerAndAnOwnerWhoSignedSomethingElse() {
    SafeSignature signature = SafeSignature.parse(SafeVectors.signature(0, "eip712"));
    List<Address> others = List.of(SafeVectors.owner(1));
    assertThatThrownBy(() -> OwnerSignature.of(signature, SafeVectors.hash(), others))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(SafeRefusal.SIGNER));
    assertThatThrownBy(() -> OwnerSignature.of(signature, Word.ZERO, SafeVectors.owners()))
        .hasMessageContaining("who is no owner");
  }

  @Test
  void refusesASignatureOfWhichAnyByteIsChanged() {
    byte[] good = SafeVectors.signature(0, "eip712").toArray();
    IntStream.range(0, good.length)
        .forEach(
            i -> {
              byte[] bad = good.clone();
              bad[i] ^= 1;
              assertThatThrownBy(() -> of(Bytes.of(bad)))
                  .as("byte " + i)
                  .isInstanceOf(RefusalException.class);
            });
  }

  @Test
  void refusesTheOtherSignatureOfTheSamePairOfNumbers() {
    Bytes good = SafeVectors.signature(0, "eip712");
    java.math.BigInteger order =
        new java.math.BigInteger(
            "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    Word high = Word.of(order.subtract(new Word(good.slice(32, 64)).number()));
    Bytes malleated =
        Bytes.concat(
            good.slice(0, 32), high.value(), Bytes.of(new byte[] {(byte) (55 - good.at(64))}));
    assertThatThrownBy(() -> of(malleated)).hasMessageContaining("high s");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 26, 29, 30, 33, 128, 255})
  void refusesAnUnknownForm(int form) {
    Bytes good = SafeVectors.signature(0, "eip712");
    Bytes bad = Bytes.concat(good.slice(0, 64), Bytes.of(new byte[] {(byte) form}));
    assertThatThrownBy(() -> SafeSignature.parse(bad)).hasMessageContaining("v is");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void saysWhatToDoAboutAWalletThatCountsFrom0(int form) {
    Bytes good = SafeVectors.signature(0, "eip712");
    Bytes bad = Bytes.concat(good.slice(0, 64), Bytes.of(new byte[] {(byte) form}));
    assertThatThrownBy(() -> SafeSignature.parse(bad)).hasMessageContaining("add 27");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64, 66, 97})
  void refusesEveryOtherLength(int length) {
    Bytes signature =
        length <= 64
            ? SafeVectors.signature(0, "eip712").slice(0, length)
            : SafeVectors.signature(0, "eip712").paddedTo(length);
    assertThatThrownBy(() -> SafeSignature.parse(signature)).isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesAContractsSignatureThatIsCutOffTooLongOrElsewhere() {
    String good =
        new SafeSignature.ByContract(SafeVectors.owner(0), Bytes.fromHex("aabbcc")).bytes().hex();
    for (String bad :
        List.of(
            good.substring(0, good.length() - 2),
            good + "00",
            good.substring(0, 130),
            good.substring(0, 126) + "42" + good.substring(128))) {
      assertThatThrownBy(() -> SafeSignature.parse(Bytes.of(HexFormat.of().parseHex(bad))))
          .isInstanceOf(RefusalException.class);
    }
  }
}
