package dstack.kms.core.answer;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a signed answer: {@code v1}, the seconds since 1970, r and s as 128 lower-case
 * hexadecimal digits, one space between them.
 *
 * @param seconds when it was signed, by the service's clock
 * @param signature ECDSA over P-256 and SHA-256
 */
public record AnswerSeal(long seconds, EcdsaSignature signature) {
  private static final Pattern FORM = Pattern.compile("v1 (\\d{1,12}) ([0-9a-f]{128})");

  /** The seal in a header's value; empty if it is of any other form. */
  public static Optional<AnswerSeal> parse(String header) {
    Matcher matcher = FORM.matcher(header);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new AnswerSeal(
            Long.parseLong(matcher.group(1)), new EcdsaSignature(Bytes.fromHex(matcher.group(2)))));
  }

  /** The header's value. */
  public String text() {
    return "v1 " + seconds + " " + signature.rs().hex();
  }
}
