package dstack.kms.attest.tpm.software;

import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A transport whose answers a test writes; it remembers the commands. */
public final class ScriptedTpm implements TpmTransport, TpmConnector {
  private final List<Bytes> commands = new ArrayList<>();
  private final Function<Bytes, Bytes> answers;
  private boolean closed;

  private ScriptedTpm(Function<Bytes, Bytes> answers) {
    this.answers = answers;
  }

  public static ScriptedTpm answering(Function<Bytes, Bytes> answers) {
    return new ScriptedTpm(answers);
  }

  /** These responses in that order; a further command fails the test. */
  public static ScriptedTpm playing(String... hex) {
    List<String> left = new ArrayList<>(List.of(hex));
    return answering(
        command -> {
          if (left.isEmpty()) {
            throw new AssertionError("unexpected command " + command);
          }
          return Bytes.fromHex(left.removeFirst());
        });
  }

  @Override
  public TpmTransport open() {
    return this;
  }

  @Override
  public Bytes transmit(Bytes command) {
    commands.add(command);
    return answers.apply(command);
  }

  public List<Bytes> commands() {
    return List.copyOf(commands);
  }

  /** The codes of the commands, for example {@code 0x158} for a quote. */
  public List<Integer> codes() {
    return commands.stream().map(command -> command.buffer().getInt(6)).toList();
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
