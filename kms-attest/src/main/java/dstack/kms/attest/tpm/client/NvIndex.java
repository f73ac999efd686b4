package dstack.kms.attest.tpm.client;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.command.Authorization;
import dstack.kms.attest.tpm.command.NvRead;
import dstack.kms.attest.tpm.command.NvReadPublic;
import dstack.kms.attest.tpm.command.NvWrite;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whole contents of NV indexes in chunks of 1,024 bytes.
 *
 * @param tpm the connection
 * @param index the index
 */
public record NvIndex(Tpm tpm, TpmHandle index) {
  /** The most bytes that an index may hold here. */
  public static final int MAX_SIZE = 8192;

  /**
   * The content, read with the owner's empty password or else the index's; empty if there is no
   * such index.
   */
  public Optional<Bytes> read() {
    try {
      return Optional.of(readExisting());
    } catch (RefusalException e) {
      if (e.code() == TpmRefusal.NO_SUCH_HANDLE) {
        return Optional.empty();
      }
      throw e.within("NV index " + index);
    }
  }

  private Bytes readExisting() {
    int size = tpm.run(new NvReadPublic(index)).publicArea().dataSize();
    if (size == 0 || size > MAX_SIZE) {
      throw TpmRefusal.NOT_PROVISIONED.because("holds " + size + " bytes");
    }
    try {
      return read(TpmHandle.OWNER, size, Authorization.EMPTY_PASSWORD);
    } catch (RefusalException e) {
      if (e.code() != TpmRefusal.AUTHORIZATION) {
        throw e;
      }
      return read(index, size, Authorization.EMPTY_PASSWORD);
    }
  }

  /** So many bytes from the beginning. */
  public Bytes read(TpmHandle authority, int size, Authorization authorization) {
    List<Bytes> chunks = new ArrayList<>();
    for (int offset = 0; offset < size; offset += NvRead.CHUNK) {
      int length = Math.min(NvRead.CHUNK, size - offset);
      chunks.add(tpm.run(new NvRead(authority, index, length, offset, authorization)));
    }
    return Bytes.concat(chunks.toArray(Bytes[]::new));
  }

  /** Writes from the beginning. */
  public void write(TpmHandle authority, Bytes content, Authorization authorization) {
    for (int offset = 0; offset < content.length(); offset += NvRead.CHUNK) {
      Bytes chunk = content.slice(offset, Math.min(content.length(), offset + NvRead.CHUNK));
      tpm.run(new NvWrite(authority, index, chunk, offset, authorization));
    }
  }
}
