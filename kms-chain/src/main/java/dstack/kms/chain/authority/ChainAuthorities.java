package dstack.kms.chain.authority;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.contract.KnownCode;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.chain.head.HeadBoard;
import dstack.kms.chain.proof.policy.KnownContracts;
import dstack.kms.chain.proof.policy.ProvenPolicy;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.core.authority.Authorities;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityMaker;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.ChainConfig;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes every authority there is: those that read the chain, and the others.
 *
 * <p>Another mode is a {@link PolicyReader} of its own in {@link #readers}; the view, its quorum on
 * headers, the two blocks, the counting and the texts are the same for all.
 */
public final class ChainAuthorities implements AuthorityMaker {
  private final InstantSource clock;

  /** A maker of authorities that judge the age of blocks by that clock. */
  public ChainAuthorities(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Authority make(AuthorityConfig config, String version) {
    return switch (config) {
      case ChainConfig chain -> chain(chain);
      case AuthorityConfig.Webhook _, AuthorityConfig.PolicyFile _, AuthorityConfig.Dev _ ->
          Authorities.of(config, version);
    };
  }

  private Authority chain(ChainConfig config) {
    ReaderSet readers = readers(config);
    return new ChainAuthority(config, readers, new HeadBoard(config, readers.clients(), clock));
  }

  private static ReaderSet readers(ChainConfig config) {
    return switch (config.mode()) {
      case DIRECT ->
          new ReaderSet(clients(config), new DirectReader(new ContractReader(config)), () -> 0);
      case QUORUM -> {
        QuorumReader reader = new QuorumReader(new ContractReader(config), config.quorum());
        yield new ReaderSet(clients(config), reader, reader::disagreements);
      }
      case PROOF -> {
        ProofReader reader = new ProofReader(provenPolicy(config));
        yield new ReaderSet(clients(config), reader, reader::falseProofs);
      }
    };
  }

  private static ProvenPolicy provenPolicy(ChainConfig config) {
    ChainConfig.Implementations named = config.implementations();
    KnownCode code = KnownCode.ofThisProgram();
    for (Bytes hash : named.proxyCode()) {
      code = code.plus(OwnContract.ERC1967_PROXY, new Word(hash));
    }
    KnownContracts known =
        new KnownContracts(code, addresses(named.kms()), addresses(named.apps()));
    return new ProvenPolicy(new Address(config.contract()), known);
  }

  private static Set<Address> addresses(List<Bytes> values) {
    return values.stream().map(Address::new).collect(Collectors.toUnmodifiableSet());
  }

  private static List<RpcClient> clients(ChainConfig config) {
    RpcLimits limits =
        new RpcLimits(
            config.exchange().connectTimeout(),
            config.exchange().totalTimeout(),
            config.exchange().maxAnswer());
    return ChainEndpoint.all(config.endpoints()).stream()
        .map(endpoint -> new RpcClient(endpoint, limits))
        .toList();
  }
}
