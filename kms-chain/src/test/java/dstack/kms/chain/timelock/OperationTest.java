package dstack.kms.chain.timelock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class OperationTest {
  private static final JsonNode VECTORS =
      Vectors.json("contracts/governance-vectors.json").get("timelock");
  private static final JsonNode SELECTORS = Vectors.json("contracts/selectors.json");
  private static final BigInteger DELAY = BigInteger.valueOf(VECTORS.get("delay").longValue());

  /** The vector's single operation: addOsImageHash on the KMS. */
  private static Operation single() {
    return single(call());
  }

  private static Operation single(Call call) {
    return new Operation(List.of(call), Operation.Form.SINGLE, Word.ZERO, salt());
  }

  private static Call call() {
    return Call.of(
        Address.parse(VECTORS.get("kms").stringValue()),
        Bytes.fromHex("06a3ae96" + "22".repeat(32)));
  }

  private static Operation batch() {
    JsonNode batch = VECTORS.get("batch");
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < batch.get("targets").size(); i++) {
      calls.add(
          Call.of(
              Address.parse(batch.get("targets").get(i).stringValue()),
              hex(batch.get("payloads").get(i))));
    }
    return new Operation(calls, Operation.Form.BATCH, Word.ZERO, salt());
  }

  private static Word salt() {
    return Word.parse(VECTORS.get("salt").stringValue());
  }

  private static Bytes hex(JsonNode text) {
    return Bytes.fromHex(text.stringValue().substring(2));
  }

  @Test
  void hasTheIdThatTheContractGivesASingleCall() {
    assertThat(single().id().text()).isEqualTo(VECTORS.get("operationId").stringValue());
  }

  @Test
  void hasTheIdThatTheContractGivesABatch() {
    assertThat(batch().id().text()).isEqualTo(VECTORS.at("/batch/operationId").stringValue());
  }

  @Test
  void isAnotherOperationAsABatchOfOneCall() {
    Operation batchOfOne = new Operation(List.of(call()), Operation.Form.BATCH, Word.ZERO, salt());
    assertThat(batchOfOne.id()).isNotEqualTo(single().id());
    assertThat(batchOfOne.execute()).isNotEqualTo(single().execute());
  }

  @Test
  void writesTheCalldataOfEveryStep() {
    assertThat(single().schedule(DELAY)).isEqualTo(hex(VECTORS.get("schedule")));
    assertThat(single().execute()).isEqualTo(hex(VECTORS.get("execute")));
    assertThat(single().cancel()).isEqualTo(hex(VECTORS.get("cancel")));
    assertThat(batch().schedule(DELAY)).isEqualTo(hex(VECTORS.at("/batch/scheduleBatch")));
    assertThat(batch().execute()).isEqualTo(hex(VECTORS.at("/batch/executeBatch")));
  }

  @Test
  void isReadBackFromTheCalldataOfEveryStep() {
    assertThat(TimelockCall.of(hex(VECTORS.get("schedule"))))
        .contains(new TimelockCall.Schedule(single(), DELAY));
    assertThat(TimelockCall.of(hex(VECTORS.get("execute"))))
        .contains(new TimelockCall.Execute(single()));
    assertThat(TimelockCall.of(hex(VECTORS.get("cancel"))))
        .contains(new TimelockCall.Cancel(single().id()));
    assertThat(TimelockCall.of(hex(VECTORS.at("/batch/scheduleBatch"))))
        .contains(new TimelockCall.Schedule(batch(), DELAY));
    assertThat(TimelockCall.of(hex(VECTORS.at("/batch/executeBatch"))))
        .contains(new TimelockCall.Execute(batch()));
    assertThat(TimelockCall.of(call().data())).isEqualTo(Optional.empty());
    assertThat(TimelockCall.of(Bytes.fromHex("01d506"))).isEqualTo(Optional.empty());
  }

  @Test
  void refusesCalldataThatIsCutOffOrHasMoreBehindIt() {
    Bytes schedule = hex(VECTORS.get("schedule"));
    assertThatThrownBy(() -> TimelockCall.of(schedule.slice(0, schedule.length() - 1)))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> TimelockCall.of(Bytes.concat(schedule, Bytes.zeros(32))))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> TimelockCall.of(schedule.slice(0, 4)))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void changesItsIdWithEveryPart() {
    Operation one = single();
    Call call = call();
    assertThat(
            List.of(
                single(new Call(call.target(), BigInteger.ONE, call.data())),
                single(new Call(call.target(), call.value(), Bytes.fromHex("00"))),
                single(Call.of(Address.ZERO, call.data())),
                new Operation(one.calls(), one.form(), salt(), salt()),
                new Operation(one.calls(), one.form(), Word.ZERO, Word.ZERO)))
        .extracting(Operation::id)
        .doesNotContain(one.id())
        .doesNotHaveDuplicates();
  }

  @Test
  void refusesNoCallsTooManyAndSeveralThatAreNoBatch() {
    assertThatThrownBy(() -> new Operation(List.of(), Operation.Form.BATCH, Word.ZERO, Word.ZERO))
        .isInstanceOf(RefusalException.class);
    List<Call> many = java.util.Collections.nCopies(257, call());
    assertThatThrownBy(() -> new Operation(many, Operation.Form.BATCH, Word.ZERO, Word.ZERO))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(
            () ->
                new Operation(List.of(call(), call()), Operation.Form.SINGLE, Word.ZERO, Word.ZERO))
        .hasMessageContaining("batch");
  }

  @Test
  void paysTheValuesOfAllItsCalls() {
    Call paying = new Call(call().target(), BigInteger.TWO, Bytes.EMPTY);
    assertThat(
            new Operation(List.of(paying, paying), Operation.Form.BATCH, Word.ZERO, Word.ZERO)
                .value())
        .isEqualTo(BigInteger.valueOf(4));
  }

  @Test
  void knowsTheRolesByTheirNumbers() {
    for (TimelockRole role : TimelockRole.values()) {
      assertThat(role.number().text())
          .isEqualTo(SELECTORS.get("roles").get(role.name() + "_ROLE").stringValue());
      assertThat(TimelockRole.of(role.number())).contains(role);
    }
    assertThat(TimelockRole.of(salt())).isEmpty();
  }

  @Test
  void readsTheBitmapOfAnErrorAsStates() {
    JsonNode bitmaps = VECTORS.get("stateBitmaps");
    for (OperationState state : OperationState.values()) {
      String name =
          state.name().charAt(0) + state.name().substring(1).toLowerCase(java.util.Locale.ROOT);
      assertThat(OperationState.ofBitmap(BigInteger.valueOf(bitmaps.get(name).intValue())))
          .containsExactly(state);
    }
    assertThat(OperationState.ofBitmap(BigInteger.valueOf(6)))
        .containsExactly(OperationState.WAITING, OperationState.READY);
  }
}
