package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.chain.timelock.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a proposal and holds what is said in it against what its calls say. */
final class ProposalReader {
  private final JsonMembers file;

  ProposalReader(String text) {
    file = JsonMembers.document(text);
  }

  Proposal proposal() {
    if (!file.text("format").equals(ProposalFile.FORMAT)) {
      throw ProposalRefusal.FILE.because(
          "expected the format " + ProposalFile.FORMAT + "; a newer program may have written it");
    }
    Proposal proposal =
        new Proposal(
            file.number("chainId"),
            calls(),
            file.optionalText("timelock").map(this::timelock).orElse(null),
            file.object("safe").map(ProposalReader::safe).orElse(null));
    requireOwnId(proposal);
    requireOwnHash(proposal);
    requireOwnText(proposal);
    file.requireNothingElse();
    return proposal;
  }

  private List<Call> calls() {
    List<String> targets = file.texts("targets");
    List<String> values = file.texts("values");
    List<String> payloads = file.texts("payloads");
    if (targets.size() != values.size() || targets.size() != payloads.size()) {
      throw ProposalRefusal.FILE.because("targets, values and payloads must be of one length");
    }
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      calls.add(
          new Call(
              Address.parse(targets.get(i)),
              JsonMembers.decimal("values", values.get(i)),
              JsonMembers.bytes("payloads", payloads.get(i))));
    }
    return calls;
  }

  private TimelockPart timelock(String address) {
    return new TimelockPart(
        Address.parse(address),
        file.flag("batch") ? Operation.Form.BATCH : Operation.Form.SINGLE,
        Word.parse(file.text("predecessor")),
        Word.parse(file.text("salt")),
        file.number("delay"));
  }

  private static SafePart safe(JsonMembers part) {
    @Nullable Address multiSend = part.optionalText("multiSend").map(Address::parse).orElse(null);
    return new SafePart(
        Address.parse(part.text("address")),
        part.number("nonce"),
        SafeStep.of(part.text("step")),
        multiSend,
        part.texts("signatures").stream()
            .map(text -> SafeSignature.parse(JsonMembers.bytes("signatures", text)))
            .toList());
  }

  private void requireOwnId(Proposal proposal) {
    if (proposal.delayed().isEmpty()) {
      return;
    }
    Word id = proposal.requireTimelock().operation(proposal.calls()).id();
    if (!Word.parse(file.text("id")).equals(id)) {
      throw ProposalRefusal.MISMATCH.because(
          "the id in the file is not that of its calls, which is " + id + ": it was altered");
    }
  }

  private void requireOwnHash(Proposal proposal) {
    Optional<JsonMembers> said = file.object("safe");
    if (said.isEmpty()) {
      return;
    }
    SafePart part = proposal.requireSafe();
    Word hash = part.transaction(proposal).hash(part.domain(proposal.chainId()));
    if (!Word.parse(said.get().text("hash")).equals(hash)) {
      throw ProposalRefusal.MISMATCH.because(
          "the hash in the file is not that of its Safe transaction, which is "
              + hash
              + ": it was altered");
    }
    requireOwnOperation(said.get(), part, proposal);
    said.get().requireNothingElse();
  }

  /** May be left out, like the words; a wrong one would mislead as they would. */
  private static void requireOwnOperation(JsonMembers said, SafePart part, Proposal proposal) {
    String own = ProposalFile.operation(part, proposal);
    if (!said.optionalText("operation").orElse(own).equals(own)) {
      throw ProposalRefusal.MISMATCH.because(
          "the operation in the file is not that of its Safe transaction, which is "
              + own
              + ": it was altered");
    }
  }

  /** Words that differ would mislead whoever reads the file without this program. */
  private void requireOwnText(Proposal proposal) {
    List<String> said = file.texts("text");
    if (!said.isEmpty() && !said.equals(proposal.text())) {
      throw ProposalRefusal.MISMATCH.because(
          "the text in the file does not say what its calls do; it was altered, or another version"
              + " of this program wrote it: empty the list \"text\" to go by the calls alone");
    }
  }
}
