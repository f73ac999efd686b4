package dstack.kms.attest.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every case of {@code tdx/mutations.json}, with a fresh verifier and with a warm one. */
class MutationTableTest {
  /** Where the table only says that it is the library's text. */
  private static final Map<String, String> LIBRARY_TEXTS =
      Map.of(
          "revocation status unknown (library text)",
          "Failed to verify certificate chain: UnknownRevocationStatus",
          "revocation status unknown (library text), at root check",
          "UnknownRevocationStatus",
          "CRL expired (library text)",
          "Failed to verify certificate chain: CrlExpired");

  private static final JsonNode TABLE = Vectors.json("tdx/mutations.json");

  @TestFactory
  List<DynamicTest> givesTheTextOfTheTableWhenNothingIsKept() {
    return tests(null);
  }

  @TestFactory
  List<DynamicTest> givesTheSameTextWhenEverythingElseIsKept() {
    QuoteVerifier warm = RealData.verifier();
    warm.verify(RealData.quoteA(), RealData.collateralA(), RealData.NOW_A);
    return tests(warm);
  }

  private static List<DynamicTest> tests(@org.jspecify.annotations.Nullable QuoteVerifier warm) {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode item : TABLE.get("cases")) {
      tests.add(
          DynamicTest.dynamicTest(
              item.get("name").stringValue(),
              () -> check(item, warm == null ? RealData.verifier() : warm)));
    }
    assertThat(tests).hasSize(25);
    return tests;
  }

  private static void check(JsonNode item, QuoteVerifier verifier) {
    Instant now = Instant.ofEpochSecond((item.has("now") ? item : TABLE).get("now").longValue());
    Bytes quote = quote(item);
    Collateral collateral = collateral(item);
    if (item.get("expect").stringValue().equals("ok")) {
      VerifiedQuote verified = verifier.verify(quote, collateral, now);
      assertThat(verified.status().text()).isEqualTo(item.get("status").stringValue());
      assertThat(verified.advisoryIds()).hasSize(item.get("advisory_ids").size());
      return;
    }
    String error = item.get("error").stringValue();
    String expected = LIBRARY_TEXTS.getOrDefault(error, error);
    assertThatThrownBy(() -> verifier.verify(quote, collateral, now))
        .isInstanceOf(RefusalException.class)
        .satisfies(
            refusal ->
                assertThat(refusal.getMessage())
                    .satisfiesAnyOf(
                        text -> assertThat(text).isEqualTo(expected),
                        text -> assertThat(text).startsWith("Failed to decode quote: ")));
    if (!expected.equals("Failed to decode quote")) {
      assertThatThrownBy(() -> verifier.verify(quote, collateral, now)).hasMessage(expected);
    }
  }

  private static Bytes quote(JsonNode item) {
    Bytes quote = RealData.quoteA();
    if (item.has("quote_xor")) {
      for (JsonNode change : item.get("quote_xor")) {
        quote = RealData.xor(quote, change.get(0).intValue(), change.get(1).intValue());
      }
    }
    return item.has("quote_truncate")
        ? quote.slice(0, item.get("quote_truncate").intValue())
        : quote;
  }

  private static Collateral collateral(JsonNode item) {
    ObjectNode json = RealData.collateralJson("tdx_quote_v4_a");
    JsonNode replace = item.get("collateral_replace");
    if (replace != null) {
      String field = replace.get("field").stringValue();
      String text = json.get(field).stringValue();
      String find = replace.get("find").stringValue();
      int at = text.indexOf(find);
      assertThat(at).isNotNegative();
      json.put(
          field,
          text.substring(0, at)
              + replace.get("replace").stringValue()
              + text.substring(at + find.length()));
    }
    JsonNode copy = item.get("collateral_copy");
    if (copy != null) {
      json.set(copy.get("to").stringValue(), json.get(copy.get("source").stringValue()));
    }
    JsonNode from = item.get("collateral_from");
    if (from != null) {
      JsonNode other = Vectors.json("tdx/" + from.get("file").stringValue());
      for (JsonNode field : from.get("fields")) {
        json.set(field.stringValue(), other.get(field.stringValue()));
      }
    }
    return Collateral.fromJson(json.toString());
  }
}
