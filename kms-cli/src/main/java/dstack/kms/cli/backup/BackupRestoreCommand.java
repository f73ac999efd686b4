package dstack.kms.cli.backup;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.input.HexBytes;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.cli.status.ServerAddress;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.OutsideView;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gives one holder's share to a node that was verified first, sealed to that node's session. */
@Command(
    name = "restore",
    description = {
      "Gives one holder's share to a node without keys, sealed to a session of that node.",
      "Before the share is opened the node's evidence is verified, and the node is the expected",
      "one: by --mr-aggregated, else by the word of the configured authority."
    })
public final class BackupRestoreCommand implements Callable<Integer> {
  private static final List<String> TOKENS = List.of("KMS_ONBOARD_TOKEN");

  private final Map<String, String> variables;
  private final NodeContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private TokenOption token;

  @Parameters(
      paramLabel = "URL",
      converter = ServerAddress.class,
      description = "The set-up listener of the node, for example http://10.0.0.5:8000.")
  private URI node;

  @Option(
      names = "--share",
      required = true,
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The holder's share file.")
  private InputFile file;

  @Option(
      names = "--identity",
      required = true,
      paramLabel = "KEYFILE",
      description = "The holder's private key: an age identity, or PKCS#8 in PEM.")
  private Path identity;

  @Option(
      names = "--mr-aggregated",
      paramLabel = "HEX",
      converter = HexBytes.class,
      description = "Give the share to the node with this measurement only; asks no authority.")
  private @Nullable Bytes measurement;

  @Option(
      names = "--k256-pubkey",
      paramLabel = "HEX",
      converter = HexBytes.class,
      description = "Refuse a backup of other keys than those with this root k256 public key.")
  private @Nullable Bytes k256;

  @Option(
      names = "--domain",
      paramLabel = "NAME",
      defaultValue = "",
      description = "For the node's certificate, instead of the configured one or the backup's.")
  private String domain;

  @Option(
      names = "--beside-live-fleet",
      description = "Restore although a peer is alive; can make two fleets.")
  private boolean besideLiveFleet;

  @Option(names = "--fresh", description = "End the session that runs, with the shares it has.")
  private boolean fresh;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that also sees these variables. */
  public BackupRestoreCommand(Map<String, String> variables, NodeContext context) {
    this.variables = Map.copyOf(variables);
    this.context = context;
  }

  @Override
  public Integer call() {
    ShareFile share = ShareArgument.share(file);
    requireExpected(share);
    KmsConfig config = KmsConfig.load(options.sources(variables));
    ShareDelivery delivery =
        new ShareDelivery(
            new PrpcClient(node, token.token(variables, TOKENS)), besideLiveFleet, domain, fresh);
    try (OutsideView view = OutsideView.of(config, context)) {
      RestoreAnswer answer =
          delivery.run(view.sessions(Optional.ofNullable(measurement)), share, identity);
      print(answer);
    }
    return ExitStatus.DONE.number();
  }

  private void print(RestoreAnswer answer) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(answer));
    } else {
      answer.print(out, node);
    }
  }

  /** A set out of an attacker's own keys looks like any other but for the identity. */
  private void requireExpected(ShareFile share) {
    Bytes found = share.manifest().identity().k256();
    if (k256 != null && !k256.equals(found)) {
      throw new RefusalException(
          BackupCommandRefusal.OTHER_KEYS,
          "the backup is of the root k256 key " + found + ", expected is " + k256);
    }
  }
}
