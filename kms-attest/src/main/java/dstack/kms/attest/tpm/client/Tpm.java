package dstack.kms.attest.tpm.client;

import dstack.kms.attest.tpm.ResponseCode;
import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.attest.tpm.command.CommandFrame;
import dstack.kms.attest.tpm.command.CreatePrimary;
import dstack.kms.attest.tpm.command.TpmCommand;
import dstack.kms.core.bytes.Bytes;

/**
 * One connection to a TPM. Not for use by several threads.
 *
 * <p>What a command answers comes from outside: it has the form that the command says and is
 * otherwise unchecked.
 */
public final class Tpm implements AutoCloseable {
  private final TpmTransport transport;
  private final RetryRule retry;

  private Tpm(TpmTransport transport, RetryRule retry) {
    this.transport = transport;
    this.retry = retry;
  }

  /** Opens a connection for one piece of work. */
  public static Tpm open(TpmConnector connector, RetryRule retry) {
    return new Tpm(connector.open(), retry);
  }

  /**
   * Sends a command and reads its answer.
   *
   * @throws dstack.kms.core.refusal.RefusalException with a {@link
   *     dstack.kms.attest.tpm.TpmRefusal}
   */
  public <R> R run(TpmCommand<R> command) {
    Bytes request = CommandFrame.encode(command);
    for (int attempt = 1; ; attempt++) {
      Bytes response = transport.transmit(request);
      ResponseCode code = CommandFrame.codeOf(response);
      if (code.isSuccess()) {
        return CommandFrame.decode(command, response);
      }
      if (!code.asksForRetry() || attempt == retry.attempts()) {
        throw code.refusal(command.code().label());
      }
      retry.pauseAfter(attempt);
    }
  }

  /** Makes the primary key of that template; closing it flushes it. */
  public PrimaryKey primaryKey(TpmHandle hierarchy, Bytes template) {
    CreatePrimary.Created created = run(new CreatePrimary(hierarchy, template));
    return new PrimaryKey(new Loaded(this, created.handle()), created.publicArea());
  }

  /** Takes charge of what has to be flushed. */
  public Loaded flushing(TpmHandle handle) {
    return new Loaded(this, handle);
  }

  @Override
  public void close() {
    transport.close();
  }
}
