package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.chain.governance.PolicyHash;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.safe.SafeAddresses;
import dstack.kms.chain.safe.SafeArtifacts;
import dstack.kms.chain.safe.SafeSetup;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.chain.safe.SafeVersion;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.Receipt;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A chain with a KMS under model C: a real Safe of three owners, two of whom decide, proposes and
 * cancels at a timelock that owns the KMS; everybody may execute. The account {@link #proposer} may
 * propose by itself as well, so that model B can be tried here too.
 */
final class GovernedChain implements AutoCloseable {
  static final long DELAY = 3600;
  private static final SecureRandom RANDOM = new SecureRandom();

  final TestChain chain = TestChain.start();
  final RpcClient client =
      new RpcClient(ChainEndpoint.of(RpcUrl.of(chain.url().toString())), RpcLimits.DEFAULT);
  final Endpoint endpoint = new Endpoint(client);
  final List<Secp256k1PrivateKey> keys =
      IntStream.range(0, 3).mapToObj(i -> Secp256k1PrivateKey.generate(RANDOM)).toList();
  final Address proposer = chain.account(1);
  final Address anybody = chain.account(2);
  final SafeAddresses contracts;
  final Address safe;
  final Address timelock;
  final Address kms;

  GovernedChain(SafeVersion version) {
    contracts = SafeArtifacts.deploy(chain, version);
    safe = newSafe(owners(), 2);
    timelock =
        Deployment.deploy(
            chain,
            anybody,
            OwnContract.TIMELOCK_CONTROLLER,
            DELAY,
            List.of(safe, proposer),
            List.of(Address.ZERO),
            Address.ZERO);
    kms = kmsOwnedBy(timelock);
  }

  /** Another KMS with that owner. */
  Address kmsOwnedBy(Address owner) {
    Address app = Deployment.deploy(chain, anybody, OwnContract.DSTACK_APP);
    Address implementation = Deployment.deploy(chain, anybody, OwnContract.DSTACK_KMS);
    Bytes setUp = Calldata.of("initialize(address,address)", owner, app);
    return Deployment.proxy(chain, anybody, implementation, setUp);
  }

  Address newSafe(List<Address> owners, int threshold) {
    Call create =
        new SafeSetup(owners, threshold)
            .create(contracts, BigInteger.valueOf(RANDOM.nextInt(1 << 30)));
    Receipt.Log created = make(anybody, create).logs().getLast();
    return created.topics().size() > 1
        ? Address.ofWord(created.topics().get(1))
        : Address.ofWord(new Word(created.data().slice(0, 32)));
  }

  List<Address> owners() {
    return keys.stream().map(GovernedChain::address).toList();
  }

  static Address address(Secp256k1PrivateKey key) {
    Bytes point = key.publicKey().uncompressed().slice(1, 65);
    return new Address(Keccak.keccak256(point).slice(12, 32));
  }

  /** A change of the policy of the KMS. */
  Call addImage(int digit) {
    return new KmsTasks(kms).addImage(new PolicyHash(image(digit))).calls().getFirst();
  }

  static Word image(int digit) {
    return Word.parse(Integer.toHexString(digit).repeat(64));
  }

  boolean isAllowed(int digit) {
    Bytes answer = chain.call(kms, Calldata.of("allowedOsImages(bytes32)", image(digit)));
    return !answer.isAllZero();
  }

  Route modelB() {
    return new Route.Timelock(timelock);
  }

  Route modelC() {
    return new Route.SafeThroughTimelock(safe, timelock);
  }

  Proposal propose(Route route, ProposalOptions options, Call... calls) {
    return new Proposer(endpoint, RANDOM).propose(route, List.of(calls), options);
  }

  Proposal propose(Route route, Call... calls) {
    return propose(route, ProposalOptions.DEFAULT, calls);
  }

  /** The proposal with one more signature of each of these owners. */
  Proposal signed(Proposal proposal, int... signers) {
    return signed(
        proposal, IntStream.of(signers).mapToObj(keys::get).toArray(Secp256k1PrivateKey[]::new));
  }

  Proposal signed(Proposal proposal, Secp256k1PrivateKey... signers) {
    SafePart part = proposal.requireSafe();
    Word hash = part.transaction(proposal).hash(part.domain(proposal.chainId()));
    Stream<SafeSignature> more =
        Stream.of(signers).map(key -> new SafeSignature.Typed(key.signDigest(hash.value())));
    List<SafeSignature> signatures = new ArrayList<>(part.signatures());
    signatures.addAll(more.toList());
    return proposal.with(part.with(signatures));
  }

  Call execution(Proposal proposal) {
    return new SafeGathering(endpoint).execution(proposal, anybody);
  }

  Receipt make(Address from, Call call) {
    return chain.send(from, call.target(), call.data(), call.value());
  }

  ProposalChecks checks() {
    return new ProposalChecks(endpoint);
  }

  @Override
  public void close() {
    keys.forEach(Secp256k1PrivateKey::close);
    client.close();
    chain.close();
  }
}
