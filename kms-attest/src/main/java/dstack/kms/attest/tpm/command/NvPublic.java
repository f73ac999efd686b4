package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;

/**
 * What everybody may know of an NV index: a TPMS_NV_PUBLIC without policy.
 *
 * @param index the index, 0x01……
 * @param nameAlgorithm the TPM_ALG_ID of the hash behind its name
 * @param attributes the TPMA_NV
 * @param dataSize bytes that it holds, 0 to 65,535
 */
public record NvPublic(TpmHandle index, int nameAlgorithm, int attributes, int dataSize) {
  /** May be read and written with the index's own password. */
  public static final int AUTH_READ_WRITE = 0x0004_0004;

  /** May be read and written with the owner's password. */
  public static final int OWNER_READ_WRITE = 0x0002_0002;

  /** An index to be defined. */
  public static NvPublic of(TpmHandle index, TpmHash nameHash, int attributes, int dataSize) {
    return new NvPublic(index, nameHash.id(), attributes, dataSize);
  }

  Bytes encoded() {
    return new TpmWriter()
        .handle(index)
        .u16(nameAlgorithm)
        .u32(attributes)
        .sized(Bytes.EMPTY)
        .u16(dataSize)
        .bytes();
  }

  static NvPublic read(TpmReader fields) {
    TpmHandle index = fields.handle("NV index");
    int nameAlgorithm = fields.u16("NV name algorithm");
    int attributes = fields.u32("NV attributes");
    fields.sized("NV policy");
    NvPublic read = new NvPublic(index, nameAlgorithm, attributes, fields.u16("NV data size"));
    fields.requireEnd("the NV public area");
    return read;
  }
}
