package dstack.kms.chain.calldata;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signature and what it means.
 *
 * @param meaning a sentence with {@code {parameter}} in place of the values
 */
public record Phrase(Signature signature, String meaning) {
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

  /**
   * Reads the signature.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Phrase of(String signature, String meaning) {
    return new Phrase(Signature.parse(signature), meaning);
  }

  /** The sentence about these values. */
  public String about(List<AbiValue> values) {
    return PLACE
        .matcher(meaning)
        .replaceAll(place -> Matcher.quoteReplacement(words(place.group(1), values)));
  }

  private String words(String parameter, List<AbiValue> values) {
    for (int i = 0; i < values.size(); i++) {
      if (signature.parameters().get(i).name().equals(parameter)) {
        return values.get(i).words();
      }
    }
    throw new IllegalStateException(signature.canonical() + " has no parameter " + parameter);
  }
}
