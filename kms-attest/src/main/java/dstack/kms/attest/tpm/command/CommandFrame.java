package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.ResponseCode;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * The framing around commands and responses: tag, size, code (specification 14 §7).
 *
 * <p>The session area of a response is checked for its form. Its HMAC is not: nothing that this
 * client reads is believed because the TPM sent it; whoever verifies the evidence checks the
 * signature in it.
 */
public final class CommandFrame {
  private static final int NO_SESSIONS = 0x8001;
  private static final int SESSIONS = 0x8002;
  private static final int HEADER_LENGTH = 10;

  private CommandFrame() {}

  /**
   * The command's bytes.
   *
   * @throws IllegalArgumentException if they are more than {@link TpmTransport#MAX_LENGTH}
   */
  public static Bytes encode(TpmCommand<?> command) {
    TpmWriter body = new TpmWriter().u32(command.code().value());
    command.handles().forEach(body::handle);
    if (!command.authorizations().isEmpty()) {
      TpmWriter area = new TpmWriter();
      command.authorizations().forEach(authorization -> authorization.write(area));
      body.u32(area.bytes().length()).raw(area.bytes());
    }
    command.writeParameters(body);
    Bytes content = body.bytes();
    int size = 6 + content.length();
    if (size > TpmTransport.MAX_LENGTH) {
      throw new IllegalArgumentException("a TPM command of " + size + " bytes");
    }
    return new TpmWriter().u16(tagOf(command)).u32(size).raw(content).bytes();
  }

  /** The response's code, after its size was held against what was received. */
  public static ResponseCode codeOf(Bytes response) {
    if (response.length() > TpmTransport.MAX_LENGTH) {
      throw malformed("response of " + response.length() + " bytes");
    }
    TpmReader header = new TpmReader(response);
    int tag = header.u16("response tag");
    long size = Integer.toUnsignedLong(header.u32("response size"));
    ResponseCode code = new ResponseCode(header.u32("response code"));
    if (size != response.length()) {
      throw malformed("response of " + response.length() + " bytes says that it has " + size);
    }
    boolean tagFits = tag == NO_SESSIONS || (tag == SESSIONS && code.isSuccess());
    boolean empty = response.length() == HEADER_LENGTH;
    // A TPM that takes a command for one of TPM 1.2 answers with the tag of those.
    boolean oldTag = tag == 0x00c4 && !code.isSuccess();
    if (!(tagFits || oldTag) || (!code.isSuccess() && !empty)) {
      throw malformed("tag " + Integer.toHexString(tag) + " with code " + code);
    }
    return code;
  }

  /** Reads the response of success to that command. */
  public static <R> R decode(TpmCommand<R> command, Bytes response) {
    TpmReader reader = new TpmReader(response);
    if (reader.u16("response tag") != tagOf(command)) {
      throw malformed(command.code().label() + " answered with another tag");
    }
    reader.take(HEADER_LENGTH - 2, "header");
    TpmHandle handle = command.returnsHandle() ? reader.handle("response handle") : TpmHandle.NULL;
    TpmReader parameters = reader;
    if (!command.authorizations().isEmpty()) {
      int size = reader.count(TpmTransport.MAX_LENGTH, "parameter size");
      parameters = new TpmReader(reader.take(size, "parameters"));
      command.authorizations().forEach(each -> skipSession(reader));
      reader.requireEnd("the session area");
    }
    R answer = command.read(new Answer(handle, parameters));
    parameters.requireEnd(command.code().label());
    return answer;
  }

  private static void skipSession(TpmReader reader) {
    reader.sized("session nonce");
    reader.u8("session attributes");
    reader.sized("session HMAC");
  }

  private static int tagOf(TpmCommand<?> command) {
    return command.authorizations().isEmpty() ? NO_SESSIONS : SESSIONS;
  }

  private static RefusalException malformed(String text) {
    return TpmRefusal.MALFORMED_ANSWER.because("malformed TPM response: " + text);
  }
}
