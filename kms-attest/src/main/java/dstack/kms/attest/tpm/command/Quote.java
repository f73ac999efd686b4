package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.PcrSelection;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * TPM2_Quote with the key's own scheme and the empty password.
 *
 * @param key the loaded signing key
 * @param nonce the qualifying data, at most 64 bytes
 * @param selection the registers
 */
public record Quote(TpmHandle key, Bytes nonce, PcrSelection selection)
    implements TpmCommand<Quote.Quoted> {
  private static final int SCHEME_NULL = 0x0010;
  private static final int RSASSA = 0x0014;
  private static final int ECDSA = 0x0018;
  private static final int MAX_NONCE = 64;

  /**
   * What was signed and how.
   *
   * @param message the TPMS_ATTEST
   * @param signature the TPMT_SIGNATURE and nothing after it
   */
  public record Quoted(Bytes message, Bytes signature) {}

  /**
   * @throws IllegalArgumentException if the nonce is too long
   */
  public Quote {
    if (nonce.length() > MAX_NONCE) {
      throw new IllegalArgumentException("a nonce of " + nonce.length() + " bytes");
    }
  }

  @Override
  public CommandCode code() {
    return CommandCode.QUOTE;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(key);
  }

  @Override
  public List<Authorization> authorizations() {
    return List.of(Authorization.EMPTY_PASSWORD);
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.sized(nonce).u16(SCHEME_NULL);
    selection.write(output);
  }

  @Override
  public Quoted read(Answer answer) {
    TpmReader parameters = answer.parameters();
    Bytes message = parameters.sized("attestation");
    Bytes signature = parameters.rest();
    requireOneSignature(new TpmReader(signature));
    return new Quoted(message, signature);
  }

  private static void requireOneSignature(TpmReader fields) {
    int algorithm = fields.u16("signature algorithm");
    fields.u16("signature hash");
    switch (algorithm) {
      case RSASSA -> fields.sized("signature");
      case ECDSA -> {
        fields.sized("signature r");
        fields.sized("signature s");
      }
      default ->
          throw TpmRefusal.MALFORMED_ANSWER.because(
              "TPM2_Quote signed with the algorithm 0x" + Integer.toHexString(algorithm));
    }
    fields.requireEnd("the signature");
  }
}
