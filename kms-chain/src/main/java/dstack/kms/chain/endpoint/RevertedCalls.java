package dstack.kms.chain.endpoint;

import dstack.kms.chain.revert.Revert;
import dstack.kms.core.bytes.Bytes;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.web3j.protocol.core.Response;

/** Tells a contract's refusal from the endpoint's own errors: nodes say it in several ways. */
final class RevertedCalls {
  private static final int REVERTED = 3;
  private static final Pattern DATA = Pattern.compile("(?:Reverted )?0x((?:[0-9a-fA-F]{2})*)");

  private RevertedCalls() {}

  static CallOutcome of(Response.Error error) {
    String message = String.valueOf(error.getMessage());
    Matcher data = DATA.matcher(String.valueOf(error.getData()).replace("\"", ""));
    boolean found = data.matches();
    boolean reverted = message.toLowerCase(Locale.ROOT).contains("revert");
    if (!found && !reverted && error.getCode() != REVERTED) {
      throw EndpointRefusal.ERROR.because("the endpoint could not simulate the call: " + message);
    }
    return new CallOutcome.Reverted(new Revert(found ? Bytes.fromHex(data.group(1)) : Bytes.EMPTY));
  }
}
