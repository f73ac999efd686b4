package dstack.kms.attest.tpm.gcp;

import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.core.bytes.Bytes;
import java.util.function.Consumer;

/** Does something of its own on the TPM just before a command of that code is sent. */
final class InterceptedTransport implements TpmTransport {
  private final TpmTransport transport;
  private final int code;
  private final Consumer<Tpm> before;

  InterceptedTransport(TpmTransport transport, int code, Consumer<Tpm> before) {
    this.transport = transport;
    this.code = code;
    this.before = before;
  }

  @Override
  public Bytes transmit(Bytes command) {
    if (command.buffer().getInt(6) == code) {
      before.accept(Tpm.open(() -> transport, RetryRule.STANDARD));
    }
    return transport.transmit(command);
  }

  @Override
  public void close() {
    transport.close();
  }
}
