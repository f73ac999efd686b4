package dstack.kms.attest.tpm.command;

/** The TPM_CC of every command that this client sends. */
public enum CommandCode {
  NV_UNDEFINE_SPACE(0x122, "TPM2_NV_UndefineSpace"),
  NV_DEFINE_SPACE(0x12A, "TPM2_NV_DefineSpace"),
  CREATE_PRIMARY(0x131, "TPM2_CreatePrimary"),
  NV_WRITE(0x137, "TPM2_NV_Write"),
  NV_READ(0x14E, "TPM2_NV_Read"),
  QUOTE(0x158, "TPM2_Quote"),
  FLUSH_CONTEXT(0x165, "TPM2_FlushContext"),
  NV_READ_PUBLIC(0x169, "TPM2_NV_ReadPublic"),
  READ_PUBLIC(0x173, "TPM2_ReadPublic"),
  START_AUTH_SESSION(0x176, "TPM2_StartAuthSession"),
  GET_CAPABILITY(0x17A, "TPM2_GetCapability"),
  GET_RANDOM(0x17B, "TPM2_GetRandom"),
  PCR_READ(0x17E, "TPM2_PCR_Read"),
  PCR_EXTEND(0x182, "TPM2_PCR_Extend"),
  /** The vendor command of NitroTPM that hands a request to the security module. */
  NSM_REQUEST(0x2000_0001, "AWS_NSM_Request");

  private final int value;
  private final String label;

  CommandCode(int value, String label) {
    this.value = value;
    this.label = label;
  }

  /** The code, 32 bits. */
  public int value() {
    return value;
  }

  /** The command's name. */
  public String label() {
    return label;
  }
}
