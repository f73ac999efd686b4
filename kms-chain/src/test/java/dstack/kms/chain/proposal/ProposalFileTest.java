package dstack.kms.chain.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.chain.timelock.Operation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class ProposalFileTest {
  private static final JsonNode VECTORS = Vectors.json("contracts/governance-vectors.json");

  /** The Safe of the vectors schedules the vectors' operation at the vectors' timelock. */
  static Proposal proposal() {
    JsonNode timelock = VECTORS.get("timelock");
    JsonNode safe = VECTORS.get("safe");
    Call call =
        Call.of(
            Address.parse(timelock.get("kms").stringValue()),
            Bytes.fromHex("06a3ae96" + "22".repeat(32)));
    return new Proposal(
        BigInteger.valueOf(safe.get("chainId").longValue()),
        List.of(call),
        new TimelockPart(
            Address.parse(timelock.get("timelock").stringValue()),
            Operation.Form.SINGLE,
            Word.ZERO,
            Word.parse(timelock.get("salt").stringValue()),
            BigInteger.valueOf(timelock.get("delay").longValue())),
        new SafePart(
            Address.parse(safe.get("safe").stringValue()),
            BigInteger.valueOf(safe.at("/tx/nonce").longValue()),
            SafeStep.SCHEDULE,
            null,
            List.of(
                SafeSignature.parse(
                    Bytes.fromHex(
                        safe.at("/signaturesSortedByOwner/0/eip712")
                            .stringValue()
                            .substring(2))))));
  }

  private static String file() {
    return ProposalFile.write(proposal());
  }

  @Test
  void holdsTheIdAndTheHashThatOthersComputed() {
    assertThat(file())
        .contains("\"id\" : \"" + VECTORS.at("/timelock/operationId").stringValue() + '"')
        .contains("\"hash\" : \"" + VECTORS.at("/safe/safeTxHash").stringValue() + '"');
    SafePart part = proposal().requireSafe();
    assertThat(part.transaction(proposal()).call().data().hex())
        .isEqualTo(VECTORS.at("/timelock/schedule").stringValue().substring(2));
  }

  @Test
  void isReadAsItWasWritten() {
    assertThat(ProposalFile.read(file())).isEqualTo(proposal());
    Proposal timelockOnly =
        new Proposal(proposal().chainId(), proposal().calls(), proposal().requireTimelock(), null);
    assertThat(ProposalFile.read(ProposalFile.write(timelockOnly))).isEqualTo(timelockOnly);
  }

  @Test
  void packsSeveralCallsOfASafeAloneAsTheVectorsDo() {
    Address multiSend = Address.parse("0x9641d764fc13c8B624c04430C7356C1C7C8102e2");
    Proposal several = several(multiSend);
    assertThat(ProposalFile.read(ProposalFile.write(several))).isEqualTo(several);
    assertThat(several.requireSafe().transaction(several).call().target()).isEqualTo(multiSend);
  }

  /** Two calls that a Safe makes at once through the code at that address. */
  private static Proposal several(Address multiSend) {
    Call one = proposal().calls().getFirst();
    return new Proposal(
        proposal().chainId(),
        List.of(one, one),
        null,
        new SafePart(
            Address.parse(VECTORS.at("/safe/safe").stringValue()),
            BigInteger.ZERO,
            SafeStep.CALL,
            multiSend,
            List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "0x9641d764fc13c8B624c04430C7356C1C7C8102e2, 1.4.1",
    "0x40A2aCCbd92BCA938b02010E17A5b8929b49130D, 1.3.0",
    "0xA1dabEF33b3B82c7814B6D82A79e50F4AC44102B, 1.3.0"
  })
  void takesMultiSendCallOnlyWhereItLiesOnEveryChain(String canonical, String version) {
    Proposal several = several(Address.parse(canonical));
    assertThat(ProposalFile.read(ProposalFile.write(several))).isEqualTo(several);
    assertThat(several.requireSafe().delegation(several))
        .hasValue("DELEGATECALL to " + canonical + " (canonical " + version + ")");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x6666666666666666666666666666666666666666",
        "0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526",
        "0x0000000000000000000000000000000000000000"
      })
  void refusesToLetASafeRunCodeThatTheReaderDidNotVouchFor(String strange) {
    assertRefused(
        ProposalFile.write(several(Address.parse(strange))),
        ProposalRefusal.MULTI_SEND,
        "--multi-send " + strange);
  }

  @Test
  void refusesStrangeCodeEvenWhereOneCallWouldNotNeedIt() {
    String one =
        ProposalFile.write(proposal())
            .replace("\"step\"", "\"multiSend\" : \"0x" + "66".repeat(20) + "\", \"step\"");
    assertRefused(one, ProposalRefusal.MULTI_SEND, "DELEGATECALL");
  }

  @Test
  void takesAStrangeMultiSendOnlyFromAReaderWhoNamesTheSame() {
    Address strange = Address.parse("0x" + "66".repeat(20));
    Proposal several = several(strange);
    String file = ProposalFile.write(several);
    assertThat(ProposalFile.read(file, Optional.of(strange))).isEqualTo(several);
    assertThat(several.requireSafe().delegation(several))
        .hasValue("DELEGATECALL to " + strange + " (NOT canonical)");
    for (String text : List.of(file, file(), ProposalFile.write(several(Address.ZERO)))) {
      assertThatThrownBy(
              () -> ProposalFile.read(text, Optional.of(Address.parse("0x" + "77".repeat(20)))))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(ProposalRefusal.MULTI_SEND));
    }
  }

  @Test
  void saysNothingOfDelegationWhereTheSafeMakesAPlainCall() {
    assertThat(proposal().requireSafe().delegation(proposal())).isEmpty();
  }

  @Test
  void showsWhetherTheSafeRunsOtherCodeAsItself() {
    Proposal several = several(Address.parse("0x9641d764fc13c8B624c04430C7356C1C7C8102e2"));
    String file = ProposalFile.write(several);
    assertThat(file).contains("\"operation\" : \"DELEGATECALL\"");
    assertThat(file()).contains("\"operation\" : \"CALL\"");
    assertRefused(file.replace("DELEGATECALL", "CALL"), ProposalRefusal.MISMATCH, "DELEGATECALL");
    assertRefused(file().replace("\"CALL\"", "\"DELEGATECALL\""), ProposalRefusal.MISMATCH, "");
    assertRefused(file().replace("\"CALL\"", "\"call\""), ProposalRefusal.MISMATCH, "");
    assertRefused(file().replace("\"CALL\"", "0"), ProposalRefusal.FILE, "");
    String older = file.replaceFirst("\"operation\" : \"DELEGATECALL\",", "");
    assertThat(ProposalFile.read(older)).isEqualTo(several);
  }

  @Test
  void saysInWordsWhatItsCallsDo() {
    assertThat(String.join("\n", proposal().text()))
        .contains("addOsImageHash(bytes32)")
        .contains("0x" + "22".repeat(32));
  }

  @Test
  void mayLeaveTheWordsOut() {
    String silent = file().replaceAll("(?s)\"text\" : \\[.*?\\]", "\"text\" : []");
    assertThat(silent).isNotEqualTo(file());
    assertThat(ProposalFile.read(silent)).isEqualTo(proposal());
  }

  @Test
  void refusesWordsThatItsCallsDoNotSay() {
    String lying = file().replace("=> ", "=> harmless: ");
    assertThat(lying).isNotEqualTo(file());
    assertRefused(lying, ProposalRefusal.MISMATCH, "does not say what its calls do");
  }

  @ParameterizedTest
  @CsvSource({
    "payloads, 0x06a3ae962222, 0x06a3ae962223",
    "payloads, 0x06a3ae96, 0x9425bac6",
    "values, \"0\", \"1\"",
    "targets, 0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0,"
        + " 0x0000000000000000000000000000000000000001",
    "predecessor, 0x0000, 0x1000",
    "salt, 0x8921, 0x8922",
    "id, 0x7738, 0x7739"
  })
  void refusesAnIdThatIsNotThatOfItsCalls(String member, String was, String is) {
    String[] at = file().split('"' + member + "\"", 2);
    String altered = at[0] + '"' + member + '"' + at[1].replaceFirst(was, is);
    assertThat(altered).isNotEqualTo(file());
    assertRefused(altered, ProposalRefusal.MISMATCH, "the id in the file");
  }

  @ParameterizedTest
  @CsvSource({
    "84532, 84533",
    "172800, 172801",
    "\"nonce\" : 7, \"nonce\" : 8",
    "\"step\" : \"schedule\", \"step\" : \"execute\"",
    "0xb965, 0xb966",
    "0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9, 0x0000000000000000000000000000000000000002"
  })
  void refusesAHashThatIsNotThatOfItsTransaction(String was, String is) {
    String altered = file().replace(was, is);
    assertThat(altered).isNotEqualTo(file());
    assertRefused(altered, ProposalRefusal.MISMATCH, "the hash in the file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format",
        "chainId",
        "targets",
        "values",
        "payloads",
        "batch",
        "predecessor",
        "salt",
        "delay",
        "id",
        "nonce",
        "step",
        "hash",
        "signatures",
        "text"
      })
  void refusesAFileWithoutOneOfItsMembers(String member) {
    assertRefused(file().replace('"' + member + '"', "\"other\""), ProposalRefusal.FILE, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "null", "", "{}", "{\"format\":\"dstack-kms-proposal/2\"}"})
  void refusesAnyOtherText(String text) {
    assertRefused(text, ProposalRefusal.FILE, "");
  }

  @Test
  void refusesUnknownAndRepeatedMembersAndWhatComesAfterThem() {
    String file = file();
    assertRefused(
        file.replaceFirst("\\{", "{\"note\":\"harmless\","),
        ProposalRefusal.FILE,
        "unknown member");
    assertRefused(
        file.replace("\"step\"", "\"more\" : 1, \"step\""), ProposalRefusal.FILE, "unknown member");
    assertRefused(file.replaceFirst("\\{", "{\"chainId\" : 84532,"), ProposalRefusal.FILE, "");
    assertRefused(file + "{}", ProposalRefusal.FILE, "");
  }

  @ParameterizedTest
  @CsvSource({
    "\"chainId\" : 84532, \"chainId\" : -1",
    "\"chainId\" : 84532, \"chainId\" : 0",
    "\"chainId\" : 84532, \"chainId\" : 84532.0",
    "\"chainId\" : 84532, \"chainId\" : \"84532\"",
    "\"delay\" : 172800, \"delay\" : 99999999999999999999",
    "\"batch\" : false, \"batch\" : 0",
    "\"step\" : \"schedule\", \"step\" : \"call\"",
    "\"step\" : \"schedule\", \"step\" : \"SCHEDULE\"",
    "0x06a3ae96, 06a3ae96",
    "\"values\" : [ \"0\" ], \"values\" : [ \"00\" ]",
    "\"values\" : [ \"0\" ], \"values\" : [ 0 ]",
    "\"values\" : [ \"0\" ], \"values\" : [ ]",
    "\"values\" : [ \"0\" ], \"values\" : ["
        + " \"115792089237316195423570985008687907853269984665640564039457584007913129639936\" ]",
    "\"nonce\" : 7, \"nonce\" :"
        + " 115792089237316195423570985008687907853269984665640564039457584007913129639936",
  })
  void refusesMembersOfAnotherForm(String was, String is) {
    String altered = file().replace(was, is);
    assertThat(altered).isNotEqualTo(file());
    assertRefused(altered, ProposalRefusal.FILE, "");
  }

  @Test
  void refusesAnAddressWhoseChecksumDoesNotHold() {
    assertThatThrownBy(
            () -> ProposalFile.read(file().replace("0x9fE46736679d2D9a", "0x9FE46736679d2D9a")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("checksum");
  }

  private static void assertRefused(String text, ProposalRefusal why, String words) {
    assertThatThrownBy(() -> ProposalFile.read(text))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(why))
        .hasMessageContaining(words);
  }
}
