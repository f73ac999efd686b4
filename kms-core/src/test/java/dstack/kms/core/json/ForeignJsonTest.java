package dstack.kms.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** A name that a factory kept comes back as the same object from the next text. */
class ForeignJsonTest {
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder().maxTokenCount(4).build();

  private static String nameRead(JsonFactory factory, String name) {
    String text = "{\"" + name + "\":0}";
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      parser.nextToken();
      return parser.currentName();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 4_000, 40_000})
  void keepsNoNameOfWhatItRead(int length) {
    String name = "n".repeat(length);
    JsonFactory foreign = ForeignJson.factory(LIMITS).build();
    JsonFactory usual = JsonFactory.builder().build();

    assertThat(nameRead(foreign, name)).isEqualTo(name).isNotSameAs(nameRead(foreign, name));
    assertThat(nameRead(usual, name)).isEqualTo(name).isSameAs(nameRead(usual, name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[0,0,0]", "{\"a\":{}}", "[[[]]]"})
  void keepsTheLimits(String text) {
    JsonFactory foreign = ForeignJson.factory(LIMITS).build();

    assertThatThrownBy(
            () -> {
              try (JsonParser parser = foreign.createParser(ObjectReadContext.empty(), text)) {
                while (parser.nextToken() != null) {
                  assertThat(parser.currentTokenCount()).isLessThanOrEqualTo(4);
                }
              }
            })
        .isInstanceOf(StreamConstraintsException.class);
  }
}
