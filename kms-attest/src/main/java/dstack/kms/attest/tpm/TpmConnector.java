package dstack.kms.attest.tpm;

/** Opens a connection to one TPM for one piece of work. */
public interface TpmConnector {
  /**
   * A fresh connection, closed by the caller.
   *
   * @throws dstack.kms.core.refusal.RefusalException with a {@link TpmRefusal} if there is no TPM
   */
  TpmTransport open();
}
