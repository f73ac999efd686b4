package dstack.kms.client.fetch;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads why a KMS says no. Its words decide nothing but the code and whether it is asked again. */
final class KmsWords {
  private static final int LONGEST = 512;
  private static final Pattern ANSWER =
      Pattern.compile("Request failed with status=([0-9]{3}), error=(.*)", Pattern.DOTALL);
  private static final Pattern TEXT =
      Pattern.compile("\"error\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** What a KMS says while its view of the chain is not there (guide §10). */
  private static final List<String> NOT_READY =
      List.of("missing revert data", "failed to call", "Failed to call", "error sending request");

  private KmsWords() {}

  /** The refusal behind an answer that says no. */
  static RefusalException refusal(String method, RefusalException answer) {
    Matcher parts = ANSWER.matcher(answer.text());
    String status = parts.matches() ? parts.group(1) : "";
    String said = shown(parts.matches() ? text(parts.group(2)) : answer.text());
    return new RefusalException(
        code(method, status, said), "the KMS refuses " + method + ": " + said);
  }

  private static FetchRefusal code(String method, String status, String said) {
    if (said.equals("Service not found: " + method)) {
      return FetchRefusal.SEALED_UNKNOWN;
    }
    if (status.startsWith("5") || status.equals("429")) {
      return FetchRefusal.KMS_NOT_READY;
    }
    if (NOT_READY.stream().anyMatch(said::contains)) {
      return FetchRefusal.KMS_NOT_READY;
    }
    return said.contains("Boot denied") ? FetchRefusal.DENIED : FetchRefusal.REFUSED_BY_KMS;
  }

  private static String text(String body) {
    Matcher text = TEXT.matcher(body);
    return text.find() ? text.group(1).replace("\\\"", "\"").replace("\\\\", "\\") : body;
  }

  /** One line without anything that a terminal obeys or that turns the direction of writing. */
  private static String shown(String text) {
    String line = text.replaceAll("[\\p{C}\\p{Z}]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
