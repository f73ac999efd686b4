package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.timelock.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * A proposal as the text of a file, public like everything in it.
 *
 * <p>Id, hash and words are there for people and for other programs. Reading makes them again from
 * the calls and refuses a file in which they differ; the words may be left out.
 */
public final class ProposalFile {
  static final String FORMAT = "dstack-kms-proposal/1";

  private static final JsonMapper JSON = JsonMapper.shared();

  private ProposalFile() {}

  /**
   * The proposal in a text; refuses anything that {@link #write} does not write, and a
   * MultiSendCallOnly that does not lie at one of its canonical addresses.
   */
  public static Proposal read(String text) {
    return read(text, Optional.empty());
  }

  /**
   * The same for a reader who vouches for a MultiSendCallOnly.
   *
   * @param multiSend where it lies, told by the reader and not by whoever wrote the file; the file
   *     must name it
   */
  public static Proposal read(String text, Optional<Address> multiSend) {
    Proposal proposal = new ProposalReader(text).proposal();
    MultiSendTrust.require(proposal, multiSend);
    return proposal;
  }

  /** The proposal as JSON, a line for each member. */
  public static String write(Proposal proposal) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("format", FORMAT);
    file.put("chainId", proposal.chainId());
    file.put("targets", each(proposal, call -> call.target().checksummed()));
    file.put("values", each(proposal, call -> call.value().toString()));
    file.put("payloads", each(proposal, call -> "0x" + call.data().hex()));
    proposal.delayed().ifPresent(part -> file.putAll(timelock(part, proposal)));
    proposal.decided().ifPresent(part -> file.put("safe", safe(part, proposal)));
    file.put("text", proposal.text());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file) + "\n";
  }

  private static List<String> each(Proposal proposal, Function<Call, String> member) {
    return proposal.calls().stream().map(member).toList();
  }

  private static Map<String, Object> timelock(TimelockPart part, Proposal proposal) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("timelock", part.address().checksummed());
    members.put("batch", part.form() == Operation.Form.BATCH);
    members.put("predecessor", part.predecessor().text());
    members.put("salt", part.salt().text());
    members.put("delay", part.delay());
    members.put("id", part.operation(proposal.calls()).id().text());
    return members;
  }

  private static Map<String, Object> safe(SafePart part, Proposal proposal) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("address", part.address().checksummed());
    object.put("nonce", part.nonce());
    object.put("step", part.step().word());
    Address multiSend = part.multiSend();
    if (multiSend != null) {
      object.put("multiSend", multiSend.checksummed());
    }
    object.put("operation", operation(part, proposal));
    object.put("hash", part.transaction(proposal).hash(part.domain(proposal.chainId())).text());
    object.put(
        "signatures", part.signatures().stream().map(each -> "0x" + each.bytes().hex()).toList());
    return object;
  }

  /** Whether the Safe runs other code as itself: what a reader has to see first. */
  static String operation(SafePart part, Proposal proposal) {
    return switch (part.transaction(proposal).operation()) {
      case CALL -> "CALL";
      case DELEGATE_CALL -> "DELEGATECALL";
    };
  }
}
