package dstack.kms.chain.calldata;

import static dstack.kms.chain.calldata.GovernanceVectors.EOA;
import static dstack.kms.chain.calldata.GovernanceVectors.IMPLEMENTATION;
import static dstack.kms.chain.calldata.GovernanceVectors.KMS;
import static dstack.kms.chain.calldata.GovernanceVectors.at;
import static dstack.kms.chain.calldata.GovernanceVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Node;
import dstack.kms.testkit.Vectors;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every known function encodes as two independent encoders do (specification 20). */
final class FunctionVectorsTest {
  private static final AbiValue EMPTY = AbiValue.of(Bytes.EMPTY);
  private static final AbiValue TIMELOCK = account(at("timelock/timelock").asString());
  private static final AbiValue PREDECESSOR = AbiValue.of(Word.ZERO);
  private static final AbiValue SALT = AbiValue.of(Word.parse(at("timelock/salt").asString()));
  private static final AbiValue DELAY = AbiValue.of(172800);

  record Case(String vector, Function function, List<AbiValue> arguments) {
    Case(String vector, Function function, AbiValue... arguments) {
      this(vector, function, List.of(arguments));
    }

    @Override
    public String toString() {
      return vector;
    }
  }

  static Stream<Case> calls() {
    return Stream.concat(policy(), governance());
  }

  private static Stream<Case> policy() {
    return Stream.of(
        new Case("calldata/addOsImageHash", KmsFunctions.ADD_OS_IMAGE, word('2')),
        new Case("calldata/addKmsAggregatedMr", KmsFunctions.ADD_AGGREGATED_MR, word('1')),
        new Case("calldata/addKmsDevice", KmsFunctions.ADD_DEVICE, word('7')),
        new Case("calldata/registerApp", KmsFunctions.REGISTER_APP, account("0x" + "4".repeat(40))),
        new Case("calldata/addComposeHash", AppFunctions.ADD_COMPOSE_HASH, word('5')),
        new Case(
            "calldata/setAllowAnyDevice_true",
            AppFunctions.SET_ALLOW_ANY_DEVICE,
            AbiValue.of(true)),
        new Case(
            "calldata/kms_initialize",
            KmsFunctions.INITIALIZE,
            AbiValue.of(EOA),
            AbiValue.of(IMPLEMENTATION)),
        new Case("calldata/transferOwnership", OwnerFunctions.TRANSFER_OWNERSHIP, AbiValue.of(EOA)),
        new Case("calldata/acceptOwnership", OwnerFunctions.ACCEPT_OWNERSHIP),
        new Case(
            "calldata/upgradeToAndCall",
            OwnerFunctions.UPGRADE,
            AbiValue.of(IMPLEMENTATION),
            EMPTY));
  }

  private static Stream<Case> governance() {
    AbiValue target = AbiValue.of(KMS);
    AbiValue data = AbiValue.of(bytes("calldata/addOsImageHash"));
    AbiValue zero = AbiValue.of(0);
    AbiValue nobody = AbiValue.of(Address.ZERO);
    return Stream.of(
        new Case(
            "timelock/schedule",
            TimelockFunctions.SCHEDULE,
            target,
            zero,
            data,
            PREDECESSOR,
            SALT,
            DELAY),
        new Case(
            "timelock/execute", TimelockFunctions.EXECUTE, target, zero, data, PREDECESSOR, SALT),
        new Case(
            "timelock/cancel",
            TimelockFunctions.CANCEL,
            AbiValue.of(Word.parse(at("timelock/operationId").asString()))),
        new Case(
            "timelock/batch/scheduleBatch",
            TimelockFunctions.SCHEDULE_BATCH,
            AbiValue.of(List.of(target, target)),
            AbiValue.of(List.of(zero, zero)),
            payloads(),
            PREDECESSOR,
            SALT,
            DELAY),
        new Case(
            "timelock/batch/executeBatch",
            TimelockFunctions.EXECUTE_BATCH,
            AbiValue.of(List.of(target, target)),
            AbiValue.of(List.of(zero, zero)),
            payloads(),
            PREDECESSOR,
            SALT),
        new Case(
            "safe/execTransaction",
            SafeFunctions.EXEC_TRANSACTION,
            TIMELOCK,
            zero,
            AbiValue.of(bytes("timelock/schedule")),
            zero,
            zero,
            zero,
            zero,
            nobody,
            nobody,
            AbiValue.of(bytes("safe/packedSignatures"))),
        new Case(
            "safe/multiSend/calldata",
            SafeFunctions.MULTI_SEND,
            AbiValue.of(bytes("safe/multiSend/transactions"))));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void encodesTheCallOfTheVector(Case each) {
    assertThat(each.function().signature().encode(each.arguments()))
        .isEqualTo(bytes(each.vector()));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void readsTheCallOfTheVectorBack(Case each) {
    CallReading reading = CallReading.of(Call.of(KMS, bytes(each.vector())));

    assertThat(reading)
        .isInstanceOfSatisfying(
            CallReading.Known.class,
            known -> {
              assertThat(known.function()).isEqualTo(each.function());
              assertThat(known.arguments()).isEqualTo(each.arguments());
              assertThat(known.isUnderstood()).isTrue();
            });
  }

  @Test
  void knowsEverySelectorAsTheVectorsDo() {
    JsonNode vectors = Vectors.json("contracts/selectors.json");
    Map<String, String> selectors =
        vectors.properties().stream()
            .filter(contract -> contract.getValue().has("functions"))
            .flatMap(contract -> contract.getValue().get("functions").properties().stream())
            .collect(
                Collectors.toMap(Map.Entry::getKey, e -> e.getValue().asString(), (a, b) -> a));

    List<String> unlisted =
        known()
            .map(Function::signature)
            .filter(
                signature ->
                    !("0x" + signature.selector()).equals(selectors.get(signature.canonical())))
            .map(Signature::canonical)
            .toList();
    assertThat(unlisted)
        .containsExactlyInAnyOrder(
            "enableModule(address)",
            "disableModule(address,address)",
            "setGuard(address)",
            "setFallbackHandler(address)");
  }

  @Test
  void hashesEverySignatureAsEthersDoes() {
    String signatures =
        known().map(each -> each.signature().canonical()).collect(Collectors.joining(";"));
    String script =
        """
        import { id } from 'ethers';
        console.log(process.argv[1].split(';').map(each => id(each).slice(2, 10)).join(';'));
        """;

    assertThat(known().map(each -> each.signature().selector().hex()))
        .containsExactly(Node.run(script, signatures).split(";"));
  }

  private static Stream<Function> known() {
    return Stream.of(
            KmsFunctions.ALL,
            AppFunctions.ALL,
            OwnerFunctions.ALL,
            TimelockFunctions.ALL,
            SafeFunctions.ALL)
        .flatMap(List::stream);
  }

  private static AbiValue payloads() {
    return AbiValue.of(
        List.of(
            AbiValue.of(bytes("calldata/addKmsAggregatedMr")),
            AbiValue.of(bytes("calldata/addKmsDevice"))));
  }

  private static AbiValue word(char digit) {
    return AbiValue.of(Word.parse(String.valueOf(digit).repeat(64)));
  }

  private static AbiValue account(String text) {
    return AbiValue.of(Address.parse(text));
  }
}
