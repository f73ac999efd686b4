package dstack.kms.cli.backup;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.cli.status.ServerAddress;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.node.LocalBackup;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.rpc.proto.CreateBackupRequest;
import dstack.kms.rpc.proto.CreateBackupResponse;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Seals the root keys to the holders that the configuration names, one file each. */
@Command(
    name = "create",
    description = {
      "Seals the root keys to the holders of [core.backup], one file each.",
      "On the node's own machine from core.cert_dir, or through the admin listener of a running"
          + " node."
    })
public final class BackupCreateCommand implements Callable<Integer> {
  private static final String HOLDERS = "core.backup.holders";
  private static final List<String> TOKENS = List.of("DSTACK_KMS_ADMIN_TOKEN", "ADMIN_API_TOKEN");

  private final Map<String, String> variables;
  private final NodeContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private TokenOption token;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to write.")
  private Path folder;

  @Option(
      names = "--admin-url",
      paramLabel = "URL",
      converter = ServerAddress.class,
      description = {
        "Ask the admin listener there; the token comes from DSTACK_KMS_ADMIN_TOKEN,",
        "ADMIN_API_TOKEN or --token-file."
      })
  private @Nullable URI admin;

  @Option(
      names = "--holder",
      paramLabel = "KEY",
      description = "Instead of core.backup.holders; for development only. May be repeated.")
  private List<String> holders = List.of();

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that also sees these variables. */
  public BackupCreateCommand(Map<String, String> variables, NodeContext context) {
    this.variables = Map.copyOf(variables);
    this.context = context;
  }

  @Override
  public Integer call() {
    List<ShareFile> files = admin == null ? local() : remote(admin);
    List<Path> written = ShareFiles.write(files, folder);
    PrintWriter out = spec.commandLine().getOut();
    ManifestAnswer answer = ManifestAnswer.of(files.getFirst().manifest());
    if (json) {
      out.println(JsonText.of(answer));
    } else {
      answer.print(out);
      written.forEach(path -> out.println("wrote             " + path));
    }
    return ExitStatus.DONE.number();
  }

  private List<ShareFile> local() {
    return LocalBackup.create(KmsConfig.load(sources()), context);
  }

  private ConfigSources sources() {
    ConfigSources sources = options.sources(variables);
    if (holders.isEmpty()) {
      return sources;
    }
    Map<String, String> flags = new HashMap<>(sources.flags());
    flags.put(HOLDERS, String.join(",", holders));
    return sources.withFlags(flags);
  }

  private List<ShareFile> remote(URI listener) {
    if (!holders.isEmpty()) {
      throw new RefusalException(
          BackupCommandRefusal.HOLDERS, "a running node's configuration names the holders");
    }
    CreateBackupResponse answer =
        new PrpcClient(listener, token.token(variables, TOKENS))
            .call(
                "Admin.CreateBackup",
                CreateBackupRequest.getDefaultInstance(),
                CreateBackupResponse.parser());
    if (answer.getSharesCount() == 0) {
      throw new RefusalException(
          BackupCommandRefusal.MALFORMED, "the answer of " + listener + " has no shares");
    }
    return answer.getSharesList().stream()
        .map(share -> ShareFile.decode(Bytes.of(share.getContent().toByteArray())))
        .toList();
  }
}
