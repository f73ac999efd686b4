import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes {@code docs/reference/error-codes.md} from the enums that implement {@code RefusalCode}:
 * {@code java build/ErrorCodes.java}. A test holds the list to the enums.
 */
final class ErrorCodes {
  private static final Path PAGE = Path.of("docs/reference/error-codes.md");
  private static final Pattern ENUM =
      Pattern.compile("/\\*\\*([^/]*)\\*/\\s*(?:public )?enum (\\w+) implements RefusalCode");
  private static final Pattern CONSTANT =
      Pattern.compile(
          "(?:/\\*\\*(?<says>(?:(?!\\*/).)*)\\*/\\s*)?(?<name>\\b[A-Z][A-Z0-9_]+)\\(\\s*\"(?<code>[a-z0-9-]+)\""
              + "(?:,\\s*(?:RefusalKind\\.)?(?<kind>[A-Z]+))?",
          Pattern.DOTALL);
  private static final Pattern DEFAULT_KIND =
      Pattern.compile("(?:return|this\\(code,) RefusalKind\\.([A-Z]+)");

  public static void main(String[] args) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("# Refusal codes\n\n");
    page.append("Written by `./kms format` from the sources; do not edit.\n\n");
    page.append("A code never changes its meaning. `refused`: understood and not acceptable; ");
    page.append("`invalid`: malformed; `unavailable`: a needed service did not answer, so nothing ");
    page.append("was decided. Commands end with 3 for the last and with 1 for the others.\n");
    for (Path source : sources()) {
      append(page, Files.readString(source));
    }
    Files.createDirectories(PAGE.getParent());
    Files.writeString(PAGE, page);
  }

  private static void append(StringBuilder page, String source) {
    Matcher head = ENUM.matcher(source);
    if (!head.find()) {
      return;
    }
    Matcher usual = DEFAULT_KIND.matcher(source);
    String usualKind = usual.find() ? usual.group(1) : "REFUSED";
    page.append("\n## ").append(sentence(head.group(1))).append("\n\n");
    page.append("| code | kind | when |\n|---|---|---|\n");
    Matcher constant = CONSTANT.matcher(source);
    while (constant.find()) {
      String kind = constant.group("kind") == null ? usualKind : constant.group("kind");
      page.append("| `").append(constant.group("code")).append("` | ");
      page.append(kind.toLowerCase()).append(" | ");
      page.append(says(constant)).append(" |\n");
    }
  }

  private static String says(Matcher constant) {
    String comment = constant.group("says");
    return comment == null
        ? constant.group("name").toLowerCase().replace('_', ' ')
        : text(comment);
  }

  private static String sentence(String comment) {
    String text = text(comment);
    int end = text.indexOf(". ");
    return (end < 0 ? text : text.substring(0, end)).replaceAll("\\.$", "");
  }

  private static String text(String comment) {
    return comment
        .replaceAll("(?m)^\\s*\\*\\s?", " ")
        .replaceAll("\\{@\\w+ ([^}]*)\\}", "`$1`")
        .replaceAll("<p>", "")
        .replaceAll("\\s+", " ")
        .replace("|", "\\|")
        .strip();
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module :
        List.of("core", "chain", "attest", "sim", "rpc", "client", "onboard", "cli", "bench")) {
      Path folder = Path.of("kms-" + module, "src", "main", "java");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(found::add);
        }
      }
    }
    return found;
  }
}
