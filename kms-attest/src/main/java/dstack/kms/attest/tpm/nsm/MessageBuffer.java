package dstack.kms.attest.tpm.nsm;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.client.NvIndex;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.Authorization;
import dstack.kms.attest.tpm.command.NvDefineSpace;
import dstack.kms.attest.tpm.command.NvPublic;
import dstack.kms.attest.tpm.command.NvReadPublic;
import dstack.kms.attest.tpm.command.NvUndefineSpace;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A temporary NV index through which a request and its answer go; closing removes it.
 *
 * <p>Its random password keeps other programs of this machine from writing into it. It travels to
 * the TPM in the clear, as everything in the index does.
 */
final class MessageBuffer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MessageBuffer.class);
  private static final int PASSWORD_LENGTH = 64;

  private final Tpm tpm;
  private final NvIndex index;
  private final int size;
  private final Secret password;

  private MessageBuffer(Tpm tpm, NvIndex index, int size, Secret password) {
    this.tpm = tpm;
    this.index = index;
    this.size = size;
    this.password = password;
  }

  /** Defines an index of so many bytes at the first free place. */
  static MessageBuffer define(Tpm tpm, int size, SecureRandom random) {
    TpmHandle free = FreeIndex.find(tpm);
    Secret password = Secret.generate(PASSWORD_LENGTH, random);
    try {
      NvPublic publicArea = NvPublic.of(free, TpmHash.SHA512, NvPublic.AUTH_READ_WRITE, size);
      tpm.run(new NvDefineSpace(publicArea, password.expose(Bytes::of)));
      return new MessageBuffer(tpm, new NvIndex(tpm, free), size, password);
    } catch (RefusalException e) {
      password.close();
      throw e;
    }
  }

  TpmHandle handle() {
    return index.index();
  }

  Secret password() {
    return password;
  }

  /** Writes from the beginning; the name changes with the first write. */
  void write(Bytes message) {
    index.write(handle(), message, inTheClear());
  }

  /** The whole content. */
  Bytes read() {
    return index.read(handle(), size, inTheClear());
  }

  /** The name as it is now: algorithm id and digest of the public area. */
  Bytes name() {
    return tpm.run(new NvReadPublic(handle())).name();
  }

  private Authorization inTheClear() {
    return Authorization.password(password.expose(Bytes::of));
  }

  @Override
  public void close() {
    password.close();
    try {
      tpm.run(new NvUndefineSpace(handle()));
    } catch (RefusalException e) {
      LOG.warn("NV index {} stays defined: {}", handle(), e.text());
    }
  }
}
