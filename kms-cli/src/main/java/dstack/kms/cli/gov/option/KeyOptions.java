package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.signing.JsonRpcSigner;
import dstack.kms.chain.signing.KeyFile;
import dstack.kms.chain.signing.KeySigner;
import dstack.kms.chain.signing.KeyText;
import dstack.kms.chain.signing.RestSigner;
import dstack.kms.chain.signing.TransactionSigner;
import dstack.kms.cli.input.InputFile;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whose key signs. A key itself never stands on the command line. */
public final class KeyOptions {
  private final Map<String, String> variables;

  @Option(
      names = "--keystore",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "An encrypted key file (Web3 Secret Storage, version 3).")
  private @Nullable InputFile keystore;

  @Mixin private final PasswordOptions password;

  @Option(
      names = "--key-env",
      paramLabel = "NAME",
      description = "The variable that holds the private key: 0x and 64 hexadecimal digits.")
  private @Nullable String keyVariable;

  @Option(
      names = "--signer",
      paramLabel = "URL",
      description = {
        "A signer outside: one that speaks eth_signTransaction, or the address of one key of a",
        "Web3Signer, which ends with /api/v1/eth1/sign/PUBLICKEY."
      })
  private @Nullable String signer;

  @Option(
      names = "--from",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = {
        "The account that sends: which of the signer's, or, where a key is given, the only one it",
        "may be; in a dry run without a key, who would send."
      })
  private @Nullable Address from;

  /** Looks at these variables, and asks at this terminal for passwords. */
  public KeyOptions(Map<String, String> variables, Terminal terminal) {
    this.variables = Map.copyOf(variables);
    password = new PasswordOptions(variables, terminal);
  }

  /** Whether there is a key or a signer. */
  public boolean isGiven() {
    return keystore != null || keyVariable != null || signer != null;
  }

  /** The account that was named, if any. */
  public Optional<Address> from() {
    return Optional.ofNullable(from);
  }

  /** The signer, to be closed by the caller; refused if it is not of the named account. */
  public TransactionSigner open(CommandSpec spec) {
    requireOne(spec);
    return signer == null ? openKey(spec) : named(outside(RpcUrl.of(signer)));
  }

  /**
   * A key in this process, to be closed by the caller: the only kind that signs what is no
   * transaction.
   */
  public KeySigner openKey(CommandSpec spec) {
    requireOne(spec);
    if (signer != null) {
      throw usage(
          spec,
          "a signer outside signs transactions only: sign the hash or the JSON of safe-hash with"
              + " it and give the result as --signature");
    }
    return named(keystore == null ? fromVariable(spec) : fromFile(spec, keystore));
  }

  private void requireOne(CommandSpec spec) {
    if (Stream.of(keystore, keyVariable, signer).filter(Objects::nonNull).count() != 1) {
      throw usage(spec, "say who signs: one of --keystore, --key-env and --signer");
    }
  }

  private <T extends TransactionSigner> T named(T opened) {
    if (from != null && !from.equals(opened.account())) {
      Address found = opened.account();
      opened.close();
      throw new RefusalException(
          GovRefusal.ACCOUNT, "the key is that of " + found + ", not of " + from);
    }
    return opened;
  }

  private KeySigner fromFile(CommandSpec spec, InputFile file) {
    try (Secret secret = password.read(spec)) {
      return KeyFile.parse(file.text()).open(secret);
    }
  }

  private KeySigner fromVariable(CommandSpec spec) {
    String text = keyVariable == null ? "" : variables.getOrDefault(keyVariable, "");
    if (text.isBlank()) {
      throw usage(spec, "the variable " + keyVariable + " is not set");
    }
    try (Secret secret = KeyText.parse(text)) {
      return KeySigner.of(secret);
    }
  }

  private TransactionSigner outside(RpcUrl url) {
    return RestSigner.isMeantBy(url)
        ? RestSigner.of(url)
        : JsonRpcSigner.of(new RpcClient(ChainEndpoint.of(url), RpcLimits.DEFAULT), from());
  }

  private static ParameterException usage(CommandSpec spec, String text) {
    return new ParameterException(spec.commandLine(), text);
  }
}
