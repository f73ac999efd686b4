package dstack.kms.chain.revert;

import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Phrase;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/**
 * What a contract gave back when it reverted.
 *
 * @param data as it came, empty if there was nothing
 */
public record Revert(Bytes data) {
  /** Why, in words for an operator, on one line; says so if nobody here knows the error. */
  public String words() {
    if (data.isEmpty()) {
      return "the contract gave no reason: it may lack this function, be of another version, or"
          + " have been given an address without code";
    }
    if (data.length() < 4) {
      return "the contract gave 0x" + data + ", which is no error";
    }
    Optional<Phrase> error = KnownErrors.of(data.slice(0, 4));
    return error
        .map(this::known)
        .orElseGet(() -> "the contract gave an unknown error: " + AbiValue.of(data).words());
  }

  private String known(Phrase error) {
    try {
      List<AbiValue> values = error.signature().decodeArguments(data.slice(4, data.length()));
      return KnownErrors.words(error, values);
    } catch (RefusalException e) {
      return "the contract gave a malformed "
          + error.signature().canonical()
          + ": "
          + AbiValue.of(data).words();
    }
  }
}
