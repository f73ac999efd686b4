package dstack.kms.cli.epoch;

import dstack.kms.cli.input.HexBytes;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.onboard.epoch.EpochEndorsement;
import dstack.kms.onboard.epoch.EpochStatement;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks that an endorsement was made by the root that the caller trusts. */
@Command(
    name = "verify",
    description = "Checks an epoch-endorsement.json against the k256 root of the epoch before.")
public final class EpochVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "epoch-endorsement.json, byte for byte.")
  private InputFile file;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "K256HEX",
      converter = HexBytes.class,
      description = "The k256 public key that is trusted, 33 bytes compressed.")
  private Bytes from;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    EpochEndorsement endorsement = EpochEndorsement.parse(file.text());
    endorsement.requireFrom(new Secp256k1PublicKey(from));
    Map<String, Object> members = members(endorsement.statement());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(members));
    } else {
      EpochAnswer.print(members, out);
    }
    return ExitStatus.DONE.number();
  }

  private static Map<String, Object> members(EpochStatement statement) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("epoch", statement.epoch());
    members.put("endorsed_at", Instant.ofEpochSecond(statement.seconds()).toString());
    members.putAll(EpochAnswer.identity(statement.current()));
    return members;
  }
}
