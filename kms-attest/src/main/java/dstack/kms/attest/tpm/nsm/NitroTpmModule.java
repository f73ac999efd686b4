package dstack.kms.attest.tpm.nsm;

import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.client.PrimaryKey;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.Authorization;
import dstack.kms.attest.tpm.command.CommandCode;
import dstack.kms.attest.tpm.command.NsmRequest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.security.SecureRandom;
import java.util.List;

/**
 * Asks the security module behind NitroTPM for attestation documents (specification 15 §9). Each
 * document has a connection of its own; safe for use by several threads.
 */
public final class NitroTpmModule {
  /** Bytes of the index through which request and answer go. */
  static final int BUFFER_SIZE = 8192;

  private final TpmConnector connector;
  private final RetryRule retry;
  private final SecureRandom random;

  public NitroTpmModule(TpmConnector connector, RetryRule retry, SecureRandom random) {
    this.connector = connector;
    this.retry = retry;
    this.random = random;
  }

  /** An attestation document whose user data is the report data: a COSE_Sign1, unchecked. */
  public Bytes document(ReportData reportData) {
    try (Tpm tpm = Tpm.open(connector, retry);
        PrimaryKey endorsementKey =
            tpm.primaryKey(TpmHandle.ENDORSEMENT, EndorsementKey.template());
        MessageBuffer buffer = MessageBuffer.define(tpm, BUFFER_SIZE, random)) {
      buffer.write(NsmMessages.attestationRequest(reportData));
      ask(tpm, endorsementKey, buffer);
      return NsmMessages.document(buffer.read());
    }
  }

  private void ask(Tpm tpm, PrimaryKey endorsementKey, MessageBuffer buffer) {
    Bytes name = buffer.name();
    try (SaltedSession session = SaltedSession.start(tpm, endorsementKey, random)) {
      Authorization authorization =
          session.authorize(
              CommandCode.NSM_REQUEST, List.of(name, name), Bytes.EMPTY, buffer.password());
      tpm.run(new NsmRequest(buffer.handle(), authorization));
    } catch (RefusalException e) {
      throw e.within("NitroTPM NSM request failed");
    }
  }
}
