package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;

/**
 * TPM2_GetRandom: exactly so many random bytes.
 *
 * @param count 1 to 48, which every TPM gives at once
 */
public record GetRandom(int count) implements TpmCommand<Bytes> {
  private static final int MOST = 48;

  /**
   * @throws IllegalArgumentException if the count is out of range
   */
  public GetRandom {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("1 to 48 random bytes, not " + count);
    }
  }

  @Override
  public CommandCode code() {
    return CommandCode.GET_RANDOM;
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.u16(count);
  }

  @Override
  public Bytes read(Answer answer) {
    Bytes random = answer.parameters().sized("random bytes");
    if (random.length() != count) {
      throw TpmRefusal.MALFORMED_ANSWER.because(
          "TPM2_GetRandom returned " + random.length() + " bytes instead of " + count);
    }
    return random;
  }
}
