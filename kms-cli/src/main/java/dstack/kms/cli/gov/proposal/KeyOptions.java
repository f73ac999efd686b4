package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.signing.JsonRpcSigner;
import dstack.kms.chain.signing.KeyFile;
import dstack.kms.chain.signing.KeySigner;
import dstack.kms.chain.signing.KeyText;
import dstack.kms.chain.signing.RestSigner;
import dstack.kms.chain.signing.TransactionSigner;
import dstack.kms.chain.transaction.Patience;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.chain.transaction.Sender;
import dstack.kms.cli.input.InputFile;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.secret.Secret;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whose key signs. Keys never stand on the command line. */
public final class KeyOptions {
  private final Map<String, String> variables;

  @Option(
      names = "--key-env",
      paramLabel = "NAME",
      description = "The variable that holds the private key, 64 hexadecimal digits.")
  private @Nullable String keyEnv;

  @Option(
      names = "--keystore",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "An encrypted key file (Web3 Secret Storage, version 3).")
  private @Nullable InputFile keystore;

  @Option(
      names = "--password-env",
      paramLabel = "NAME",
      defaultValue = "KMS_KEYSTORE_PASSWORD",
      description = "The variable that holds its password; by default ${DEFAULT-VALUE}.")
  private String passwordEnv = "KMS_KEYSTORE_PASSWORD";

  @Option(
      names = "--signer",
      paramLabel = "URL",
      description = "A signer outside: eth_signTransaction, or web3signer's REST address.")
  private @Nullable String signer;

  @Option(
      names = "--from",
      paramLabel = "ADDR",
      converter = AddressArgument.class,
      description = "Which account of the signer; by default its only one.")
  private @Nullable Address from;

  /** Reads keys and passwords from these variables. */
  public KeyOptions(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Whether a key was given at all. */
  public boolean isGiven() {
    return keyEnv != null || keystore != null || signer != null;
  }

  /** What the action makes of a sender for the key's account. */
  public <T> T send(CommandSpec spec, Endpoint endpoint, Function<Sender, T> action) {
    PrintWriter err = spec.commandLine().getErr();
    try (TransactionSigner chosen = open(spec)) {
      Sender sender =
          new Sender(
              endpoint,
              chosen,
              Patience.USUAL,
              Pause.REAL,
              transaction -> err.println("sending transaction " + transaction.hash()));
      return action.apply(sender);
    }
  }

  /** A key in this process: the only kind that signs what is no transaction. */
  public KeySigner openKey(CommandSpec spec) {
    requireOne(spec);
    if (signer != null) {
      throw usage(
          spec,
          "a signer outside signs transactions only: sign the hash or the JSON of safe-hash with"
              + " it and give the result as --signature");
    }
    return keyEnv == null ? fromKeystore(spec) : fromVariable(spec, keyEnv);
  }

  private TransactionSigner open(CommandSpec spec) {
    requireOne(spec);
    if (signer == null) {
      return openKey(spec);
    }
    RpcUrl url = RpcUrl.of(signer);
    return RestSigner.isMeantBy(url)
        ? RestSigner.of(url)
        : JsonRpcSigner.of(
            new RpcClient(ChainEndpoint.of(url), RpcLimits.DEFAULT), Optional.ofNullable(from));
  }

  private void requireOne(CommandSpec spec) {
    if (Stream.of(keyEnv, keystore, signer).filter(Objects::nonNull).count() != 1) {
      throw usage(spec, "give one of --key-env, --keystore and --signer");
    }
  }

  private KeySigner fromVariable(CommandSpec spec, String name) {
    try (Secret key = KeyText.parse(variable(spec, name))) {
      return KeySigner.of(key);
    }
  }

  private KeySigner fromKeystore(CommandSpec spec) {
    if (keystore == null) {
      throw usage(spec, "give one of --key-env, --keystore and --signer");
    }
    byte[] password = variable(spec, passwordEnv).getBytes(StandardCharsets.UTF_8);
    try (Secret opened = Secret.takeOver(password)) {
      return KeyFile.parse(keystore.text()).open(opened);
    }
  }

  private String variable(CommandSpec spec, String name) {
    String value = variables.get(name);
    if (value == null || value.isEmpty()) {
      throw usage(spec, "the variable " + name + " is not set");
    }
    return value;
  }

  private static ParameterException usage(CommandSpec spec, String text) {
    return new ParameterException(spec.commandLine(), text);
  }
}
