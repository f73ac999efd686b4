package dstack.kms.cli.verify;

import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One row of {@code tdx/mutations.json}: what it changes and what must come of it. */
record Mutation(JsonNode row, JsonNode table) {
  static Stream<Mutation> all() {
    JsonNode table = Vectors.json("tdx/mutations.json");
    return table.get("cases").valueStream().map(row -> new Mutation(row, table));
  }

  /** The command line that verifies this row, after its files were written into the folder. */
  String[] arguments(Path folder) throws IOException {
    Path quote = Files.write(folder.resolve("quote.bin"), quote());
    Path collateral = Files.writeString(folder.resolve("collateral.json"), collateral());
    String now = (row.has("now") ? row : table).get("now").asString();
    return new String[] {
      "verify",
      "quote",
      quote.toString(),
      "--collateral",
      collateral.toString(),
      "--now",
      now,
      "--json"
    };
  }

  boolean isRefused() {
    return row.get("expect").stringValue().equals("error");
  }

  /** The text of the refusal, with the library's own where the table only describes it. */
  String refusal() {
    String text = row.get("error").stringValue();
    if (text.startsWith("revocation status unknown")) {
      return "UnknownRevocationStatus";
    }
    return text.startsWith("CRL expired") ? "CrlExpired" : text;
  }

  private byte[] quote() {
    byte[] quote = Vectors.bytes("tdx/" + table.get("base_quote").stringValue());
    for (JsonNode change : row.path("quote_xor")) {
      quote[change.get(0).intValue()] ^= (byte) change.get(1).intValue();
    }
    return row.has("quote_truncate")
        ? Arrays.copyOf(quote, row.get("quote_truncate").intValue())
        : quote;
  }

  private String collateral() {
    ObjectNode collateral =
        (ObjectNode) Vectors.json("tdx/" + table.get("base_collateral").stringValue());
    JsonNode copy = row.path("collateral_copy");
    if (!copy.isMissingNode()) {
      collateral.set(
          copy.get("to").stringValue(), collateral.get(copy.get("source").stringValue()));
    }
    JsonNode replace = row.path("collateral_replace");
    if (!replace.isMissingNode()) {
      String field = replace.get("field").stringValue();
      String text = collateral.get(field).stringValue();
      String find = replace.get("find").stringValue();
      int at = text.indexOf(find);
      collateral.put(
          field,
          text.substring(0, at)
              + replace.get("replace").stringValue()
              + text.substring(at + find.length()));
    }
    JsonNode from = row.path("collateral_from");
    for (JsonNode field : from.path("fields")) {
      JsonNode other = Vectors.json("tdx/" + from.get("file").stringValue());
      collateral.set(field.stringValue(), other.get(field.stringValue()));
    }
    return collateral.toString();
  }

  @Override
  public String toString() {
    return row.get("name").stringValue();
  }
}
