package dstack.kms.chain.calldata;

import static dstack.kms.chain.calldata.GovernanceVectors.KMS;
import static dstack.kms.chain.calldata.GovernanceVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a signer is told about bytes of any origin. */
final class CallReadingTest {
  private static final Address EVIL = Address.parse("0x" + "66".repeat(20));

  @Test
  void saysWhatAPolicyChangeChanges() {
    assertThat(read(bytes("calldata/addOsImageHash")))
        .containsExactly(
            "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0 DstackKms.addOsImageHash(bytes32)",
            "  osImageHash = 0x" + "22".repeat(32),
            "  => the OS image 0x" + "22".repeat(32) + " becomes allowed");
  }

  @Test
  void saysWhatASafeLetsATimelockAnnounce() {
    assertThat(String.join("\n", read(bytes("safe/execTransaction"))))
        .containsSubsequence(
            "Safe.execTransaction",
            "=> the Safe makes the call below",
            "TimelockController.schedule(",
            "can be executed in 172800 seconds",
            "DstackKms.addOsImageHash(bytes32)",
            "becomes allowed");
  }

  @Test
  void showsEveryCallOfABatch() {
    assertThat(String.join("\n", read(bytes("timelock/batch/scheduleBatch"))))
        .contains("addKmsAggregatedMr(bytes32)", "addKmsDevice(bytes32)");
  }

  @Test
  void showsWhatAnUpgradeCallsOnTheUpgradedContract() {
    Bytes data =
        OwnerFunctions.UPGRADE.encode(
            AbiValue.of(EVIL),
            AbiValue.of(OwnerFunctions.TRANSFER_OWNERSHIP.encode(AbiValue.of(EVIL))));

    assertThat(String.join("\n", read(data)))
        .contains("the contract is handed to " + EVIL + ", at once or when that accepts");
  }

  @Test
  void calledUnknownWhenTheSelectorIsUnknown() {
    CallReading reading = CallReading.of(Call.of(KMS, Bytes.fromHex("deadbeef" + "00".repeat(32))));

    assertThat(reading.isUnderstood()).isFalse();
    assertThat(String.join("\n", reading.lines()))
        .contains("UNKNOWN CALL of 36 bytes", "NOBODY HERE CAN SAY WHAT THIS DOES", "0xdeadbeef");
  }

  @Test
  void calledUnknownWhenAnUnknownCallHidesInABatch() {
    AbiValue one = AbiValue.of(List.of(AbiValue.of(KMS)));
    Bytes data =
        TimelockFunctions.SCHEDULE_BATCH.encode(
            one,
            AbiValue.of(List.of(AbiValue.of(0))),
            AbiValue.of(List.of(AbiValue.of(Bytes.fromHex("deadbeef")))),
            AbiValue.of(Word.ZERO),
            AbiValue.of(Word.ZERO),
            AbiValue.of(1));

    CallReading reading = CallReading.of(Call.of(KMS, data));
    assertThat(reading.isUnderstood()).isFalse();
    assertThat(String.join("\n", reading.lines())).contains("UNKNOWN CALL of 4 bytes");
  }

  @Test
  void calledUnknownWhenTheListsOfABatchDiffer() {
    Bytes data =
        TimelockFunctions.EXECUTE_BATCH.encode(
            AbiValue.of(List.of(AbiValue.of(KMS), AbiValue.of(EVIL))),
            AbiValue.of(List.of(AbiValue.of(0))),
            AbiValue.of(List.of(AbiValue.of(Bytes.EMPTY))),
            AbiValue.of(Word.ZERO),
            AbiValue.of(Word.ZERO));

    assertThat(CallReading.of(Call.of(KMS, data))).isInstanceOf(CallReading.Unknown.class);
  }

  /** Bytes of which another reader could see another meaning. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // one byte too many, one too few
        "06a3ae96" + "2222222222222222222222222222222222222222222222222222222222222222" + "00",
        "06a3ae96" + "22222222222222222222222222222222222222222222222222222222222222",
        // an address with more than 20 bytes
        "f2fde38b" + "000000000000000000000001f39fd6e51aad88f6f4ce6ab8827279cfffb92266",
        // a flag that is neither 0 nor 1
        "7c4beeb8" + "0000000000000000000000000000000000000000000000000000000000000002",
        // a text whose offset leaves a gap
        "3971db27"
            + "0000000000000000000000000000000000000000000000000000000000000040"
            + "0000000000000000000000000000000000000000000000000000000000000000"
            + "0000000000000000000000000000000000000000000000000000000000000000",
        // a text with padding that is not zero
        "3971db27"
            + "0000000000000000000000000000000000000000000000000000000000000020"
            + "0000000000000000000000000000000000000000000000000000000000000003"
            + "616e790000000000000000000000000000000000000000000000000000000001",
        // a text that is not UTF-8
        "3971db27"
            + "0000000000000000000000000000000000000000000000000000000000000020"
            + "0000000000000000000000000000000000000000000000000000000000000001"
            + "ff00000000000000000000000000000000000000000000000000000000000000",
        // a length beyond every number of bytes
        "3971db27"
            + "0000000000000000000000000000000000000000000000000000000000000020"
            + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        // an offset to before the arguments
        "3971db27"
            + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0"
            + "0000000000000000000000000000000000000000000000000000000000000000",
      })
  void calledUnknownWhenTheArgumentsAreNotCanonical(String data) {
    CallReading reading = CallReading.of(Call.of(KMS, Bytes.fromHex(data)));

    assertThat(reading).isInstanceOf(CallReading.Unknown.class);
    assertThat(String.join("\n", reading.lines())).contains("not encoded as that takes them");
  }

  @Test
  void calledUnknownWhenShorterThanASelector() {
    assertThat(CallReading.of(Call.of(KMS, Bytes.fromHex("06a3ae"))))
        .isInstanceOf(CallReading.Unknown.class);
  }

  @Test
  void calledUnknownWhenNestedTooDeep() {
    Bytes data = bytes("calldata/addOsImageHash");
    for (int i = 0; i < 9; i++) {
      data =
          TimelockFunctions.EXECUTE.encode(
              AbiValue.of(KMS),
              AbiValue.of(0),
              AbiValue.of(data),
              AbiValue.of(Word.ZERO),
              AbiValue.of(Word.ZERO));
    }

    assertThat(CallReading.of(Call.of(KMS, data)).isUnderstood()).isFalse();
  }

  @Test
  void showsMoneyAsMoney() {
    CallReading reading = CallReading.of(new Call(EVIL, BigInteger.TEN, Bytes.EMPTY));

    assertThat(reading.lines()).containsExactly(EVIL + " receives 10 wei; nothing is called");
  }

  @Test
  void showsMoneyThatGoesWithACall() {
    CallReading reading =
        CallReading.of(new Call(KMS, BigInteger.TEN, bytes("calldata/acceptOwnership")));

    assertThat(reading.lines()).contains("  with 10 wei");
  }

  @Test
  void raisesAlarmWhenASafeDelegatesToStrangeCode() {
    assertThat(alarmsOf(EVIL, bytes("calldata/addOsImageHash"), 1, 0))
        .singleElement()
        .asString()
        .contains("DELEGATECALL", EVIL.checksummed());
  }

  @Test
  void raisesAlarmWhenStrangeCodeOnlyHasTheSelectorOfMultiSend() {
    Bytes data = SafeFunctions.MULTI_SEND.encode(AbiValue.of(Bytes.EMPTY));

    assertThat(alarmsOf(EVIL, data, 1, 0))
        .singleElement()
        .asString()
        .contains("DELEGATECALL", EVIL.checksummed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x9641d764fc13c8B624c04430C7356C1C7C8102e2",
        "0x40A2aCCbd92BCA938b02010E17A5b8929b49130D",
        "0xA1dabEF33b3B82c7814B6D82A79e50F4AC44102B"
      })
  void raisesNoAlarmAboutMultiSendCallOnlyWhereItLiesOnEveryChain(String canonical) {
    Bytes data = SafeFunctions.MULTI_SEND.encode(AbiValue.of(Bytes.EMPTY));

    assertThat(safeTransaction(Address.parse(canonical), data, 1, 0).isUnderstood()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526",
        "0xA238CBeb142c10Ef7Ad8442C6D1f9E89e07e7761"
      })
  void raisesAlarmWhenTheMultiSendIsTheOneThatDelegatesFurther(String canonical) {
    Bytes data = SafeFunctions.MULTI_SEND.encode(AbiValue.of(Bytes.EMPTY));

    assertThat(alarmsOf(Address.parse(canonical), data, 1, 0)).hasSize(1);
  }

  @Test
  void raisesAlarmWhenASafePaysForGas() {
    assertThat(alarmsOf(KMS, bytes("calldata/addOsImageHash"), 0, 5))
        .singleElement()
        .asString()
        .contains("PAYS FOR GAS");
  }

  @Test
  void raisesAlarmWhenAnOperationIsNone() {
    assertThat(alarmsOf(KMS, bytes("calldata/addOsImageHash"), 2, 0)).hasSize(1);
  }

  @Test
  void raisesAlarmWhenOneOfManyCallsIsDelegated() {
    Bytes packed = Bytes.concat(Bytes.fromHex("01"), EVIL.value(), Bytes.zeros(64));
    CallReading reading =
        CallReading.of(Call.of(KMS, SafeFunctions.MULTI_SEND.encode(AbiValue.of(packed))));

    assertThat(reading.isUnderstood()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 84, 85, 86})
  void calledUnknownWhenPackedCallsAreCutOff(int length) {
    Bytes packed = bytes("safe/multiSend/transactions").slice(0, length);
    CallReading reading =
        CallReading.of(Call.of(KMS, SafeFunctions.MULTI_SEND.encode(AbiValue.of(packed))));

    assertThat(reading).isInstanceOf(CallReading.Unknown.class);
  }

  @Test
  void packsCallsAsTheVectorDoes() {
    Call call =
        Call.of(
            Address.parse(GovernanceVectors.at("timelock/timelock").asString()),
            bytes("timelock/schedule"));
    Bytes vector = bytes("safe/multiSend/transactions");

    assertThat(MultiSendCalls.pack(List.of(call)))
        .isEqualTo(vector.slice(0, 85 + call.data().length()));
  }

  @Test
  void saysLoudlyThatOwnershipIsLostForGood() {
    assertThat(String.join("\n", read(OwnerFunctions.RENOUNCE_OWNERSHIP.encode())))
        .contains("LOSES ITS OWNER FOR GOOD");
  }

  @Test
  void keepsForeignTextOnOneLine() {
    Bytes data =
        KmsFunctions.SET_GATEWAY_APP_ID.encode(AbiValue.of("a\n=> nothing {appId} \u202e"));

    assertThat(read(data)).hasSize(3).last().asString().contains("a?=> nothing {appId} ?");
  }

  private static List<String> alarmsOf(Address to, Bytes data, int operation, int gasPrice) {
    CallReading reading = safeTransaction(to, data, operation, gasPrice);
    assertThat(reading.isUnderstood()).isFalse();
    return ((CallReading.Known) reading).alarms();
  }

  private static CallReading safeTransaction(Address to, Bytes data, int operation, int gasPrice) {
    AbiValue zero = AbiValue.of(0);
    AbiValue nobody = AbiValue.of(Address.ZERO);
    Bytes transaction =
        SafeFunctions.EXEC_TRANSACTION.encode(
            AbiValue.of(to),
            zero,
            AbiValue.of(data),
            AbiValue.of(operation),
            zero,
            zero,
            AbiValue.of(gasPrice),
            nobody,
            nobody,
            AbiValue.of(Bytes.EMPTY));
    return CallReading.of(Call.of(KMS, transaction));
  }

  private static List<String> read(Bytes data) {
    return CallReading.of(Call.of(KMS, data)).lines();
  }
}
