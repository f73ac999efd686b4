package dstack.kms.cli.doctor;

import dstack.kms.chain.account.Address;
import dstack.kms.core.config.RpcUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Endpoints to look at instead of a machine: before there is one, or a configuration. */
final class ChainOptions {
  private static final Duration YOUNG = Duration.ofMinutes(2);

  @Option(
      names = "--chain-rpc",
      paramLabel = "URL",
      description = {
        "Examine only this chain endpoint and nothing of this machine; may be given several times."
      })
  private List<String> urls = new ArrayList<>();

  @Option(
      names = "--chain-id",
      paramLabel = "N",
      description = "With --chain-rpc: the chain that it must be.")
  private @Nullable Long chainId;

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description = "With --chain-rpc: the policy contract that must be there.")
  private @Nullable String contract;

  @Option(
      names = "--proof",
      description = {
        "With --chain-rpc: endpoints must prove storage (eth_getProof), as the mode proof needs."
      })
  private boolean proof;

  /** What to hold each named endpoint to; empty if none is named. */
  Optional<ChainCheck> check(CommandSpec spec) {
    if (urls.isEmpty()) {
      if (chainId != null || contract != null || proof) {
        throw new ParameterException(
            spec.commandLine(),
            "--chain-id, --contract and --proof belong to --chain-rpc; without it the chain of the"
                + " configuration is examined");
      }
      return Optional.empty();
    }
    return Optional.of(
        new ChainCheck(
            urls.stream().map(RpcUrl::of).toList(),
            Optional.ofNullable(chainId),
            Optional.ofNullable(contract).map(Address::parse),
            proof,
            YOUNG));
  }
}
