package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.safe.OwnerSignature;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.safe.SafeRefusal;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.chain.safe.SafeTransaction;
import dstack.kms.chain.safe.SignatureBlob;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers the owners' signatures for a Safe's transaction and turns them into its execution. */
public final class SafeGathering {
  private final Endpoint endpoint;

  /** Asks the Safe at the newest block of this endpoint. */
  public SafeGathering(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * How far a proposal has come.
   *
   * @param hash what the owners sign
   * @param signatures one of each owner who signed, in the order of owners
   * @param owners all who may
   * @param threshold how many must
   */
  public record Gathered(
      Word hash, List<OwnerSignature> signatures, List<Address> owners, int threshold) {
    /** Keeps copies. */
    public Gathered {
      signatures = List.copyOf(signatures);
      owners = List.copyOf(owners);
    }

    /** How many signatures are still needed. */
    public int missing() {
      return Math.max(0, threshold - signatures.size());
    }
  }

  /**
   * One proposal with the signatures of all its copies; refused if they differ in anything else.
   * The same signature in several copies counts once.
   */
  public static Proposal merged(List<Proposal> copies) {
    Proposal first = unsigned(copies.getFirst());
    Set<SafeSignature> signatures = new LinkedHashSet<>();
    for (Proposal copy : copies) {
      if (!unsigned(copy).equals(first)) {
        throw ProposalRefusal.COPIES.because(
            "the files are not copies of one proposal: they differ in more than signatures");
      }
      signatures.addAll(copy.requireSafe().signatures());
    }
    return first.with(first.requireSafe().with(List.copyOf(signatures)));
  }

  private static Proposal unsigned(Proposal proposal) {
    return proposal.with(proposal.requireSafe().with(List.of()));
  }

  /**
   * Verifies every signature in the proposal: each must be of an owner, none may be of an owner who
   * is there already, and one that says it was given on chain must have been.
   */
  public Gathered gathered(Proposal proposal) {
    new ProposalChecks(endpoint).requireChain(proposal);
    SafePart part = proposal.requireSafe();
    SafeReader safe = new SafeReader(endpoint, part.address());
    safe.requireVersion();
    requireNotPast(safe.nonce(), part.nonce());
    return verified(proposal);
  }

  private Gathered verified(Proposal proposal) {
    SafePart part = proposal.requireSafe();
    SafeReader safe = new SafeReader(endpoint, part.address());
    safe.requireVersion();
    SafeTransaction transaction = part.transaction(proposal);
    safe.requireSameHash(transaction, part.domain(proposal.chainId()));
    Word hash = transaction.hash(part.domain(proposal.chainId()));
    List<Address> owners = safe.owners();
    List<OwnerSignature> signatures = new ArrayList<>();
    for (SafeSignature each : part.signatures()) {
      OwnerSignature signature = OwnerSignature.of(each, hash, owners);
      requireFirst(signature, signatures);
      requireApproval(safe, signature, hash);
      signatures.add(signature);
    }
    return new Gathered(hash, signatures.stream().sorted().toList(), owners, safe.threshold());
  }

  /** The call with which anybody executes it; refused unless it would succeed now. */
  public Call execution(Proposal proposal, Address sender) {
    SafePart part = proposal.requireSafe();
    gathered(proposal);
    requireNow(new SafeReader(endpoint, part.address()).nonce(), part.nonce());
    Call call = transaction(proposal);
    new ProposalChecks(endpoint).requireStep(proposal);
    if (endpoint.simulate(sender, call) instanceof CallOutcome.Reverted(var revert)) {
      throw new RefusalException(
          SafeRefusal.EXECUTION, "the Safe would refuse the transaction: " + revert.words());
    }
    return call;
  }

  /**
   * The same call whether or not the Safe is past its nonce: what an earlier run sent is known by
   * it.
   */
  public Call transaction(Proposal proposal) {
    new ProposalChecks(endpoint).requireChain(proposal);
    SafePart part = proposal.requireSafe();
    Gathered gathered = verified(proposal);
    Bytes blob = SignatureBlob.pack(gathered.signatures(), gathered.threshold());
    return Call.of(part.address(), part.transaction(proposal).execute(blob));
  }

  private static void requireFirst(OwnerSignature signature, List<OwnerSignature> before) {
    if (before.stream().anyMatch(each -> each.owner().equals(signature.owner()))) {
      throw new RefusalException(
          SafeRefusal.DUPLICATE, "two signatures of owner " + signature.owner());
    }
  }

  private static void requireApproval(SafeReader safe, OwnerSignature signature, Word hash) {
    if (signature.signature() instanceof SafeSignature.Approved
        && !safe.hasApproved(signature.owner(), hash)) {
      throw new RefusalException(
          SafeRefusal.SIGNER, signature.owner() + " has not approved " + hash + " on chain");
    }
  }

  private static void requireNotPast(BigInteger now, BigInteger nonce) {
    if (nonce.compareTo(now) < 0) {
      throw new RefusalException(
          SafeRefusal.NONCE,
          "the proposal is for the Safe's nonce "
              + nonce
              + ", and its next one is "
              + now
              + ": it was executed, or replaced by another transaction");
    }
  }

  private static void requireNow(BigInteger now, BigInteger nonce) {
    if (!nonce.equals(now)) {
      throw new RefusalException(
          SafeRefusal.NONCE,
          "the proposal is for the Safe's nonce "
              + nonce
              + ", and its next one is "
              + now
              + ": execute those before it first");
    }
  }
}
