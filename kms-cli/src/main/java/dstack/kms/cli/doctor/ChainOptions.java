package dstack.kms.cli.doctor;

import dstack.kms.chain.account.Address;
import dstack.kms.core.config.RpcUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which chain to look at. */
final class ChainOptions {
  @Option(
      names = "--chain-rpc",
      paramLabel = "URL",
      description = "A chain endpoint to examine; may be given several times.")
  private List<String> urls = new ArrayList<>();

  @Option(names = "--chain-id", paramLabel = "N", description = "The chain that it must be.")
  private @Nullable Long chainId;

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description = "The policy contract that must be there.")
  private @Nullable String contract;

  @Option(
      names = "--proof",
      description = "Endpoints must prove storage (eth_getProof), as the mode proof needs.")
  private boolean proof;

  /** What to hold each endpoint to. */
  ChainCheck check() {
    return new ChainCheck(
        urls.stream().map(RpcUrl::of).toList(),
        Optional.ofNullable(chainId),
        Optional.ofNullable(contract).map(Address::parse),
        proof);
  }
}
