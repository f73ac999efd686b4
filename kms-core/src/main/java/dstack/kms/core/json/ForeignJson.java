package dstack.kms.core.json;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;

/**
 * Makes parsers of JSON that somebody else wrote, of which nothing outlives its reading.
 *
 * <p>A parser of Jackson's otherwise hands the names that it met to its factory, which keeps up to
 * 12,000 of them for the next text, each as long as it was: hundreds of megabytes, if somebody
 * invents names.
 */
public final class ForeignJson {
  private ForeignJson() {}

  /** A factory with these limits, to be completed. */
  public static JsonFactoryBuilder factory(StreamReadConstraints limits) {
    return JsonFactory.builder()
        .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
        .streamReadConstraints(limits);
  }
}
