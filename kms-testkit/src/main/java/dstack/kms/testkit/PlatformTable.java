package dstack.kms.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table of {@code docs/reference/platforms.md}: one row for each check, one column for each
 * platform.
 *
 * @param platforms the columns, in order
 * @param cells row by row
 * @param notes the numbers of the footnotes that have a text
 */
public record PlatformTable(List<String> platforms, List<Cell> cells, Set<Integer> notes) {
  /** The row that says to which platforms keys are only released when the operator allows it. */
  public static final String RELEASE_ROW = "release switched on by the operator";

  private static final String CODES = "`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*";
  private static final String NOTE = "\\[\\^(\\d+)]";
  private static final Pattern FILLED = Pattern.compile("(" + CODES + ")(?: ?" + NOTE + ")?");
  private static final Pattern EMPTY = Pattern.compile("— ?" + NOTE);
  private static final Pattern TEXT_OF_NOTE = Pattern.compile("(?m)^" + NOTE + ": \\S");

  /** Keeps copies. */
  public PlatformTable {
    platforms = List.copyOf(platforms);
    cells = List.copyOf(cells);
    notes = Set.copyOf(notes);
  }

  /**
   * What the table says about one check on one platform.
   *
   * @param codes of the refusals; none if there is no such check
   * @param notes the numbers of the footnotes, none or one
   */
  public record Cell(String check, String platform, Set<String> codes, Set<Integer> notes) {
    @Override
    public String toString() {
      return check + " on " + platform;
    }
  }

  /** The table as it stands in the checkout. */
  public static PlatformTable read() {
    try {
      return parse(Files.readString(ProjectRoot.path().resolve("docs/reference/platforms.md")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the first table of a page.
   *
   * @throws IllegalArgumentException if a row is of another length than the first, a row repeats a
   *     name, or a cell is neither codes nor a dash with a footnote
   */
  public static PlatformTable parse(String page) {
    List<List<String>> lines =
        page.lines()
            .dropWhile(line -> !line.startsWith("|"))
            .takeWhile(line -> line.startsWith("|"))
            .map(PlatformTable::columns)
            .toList();
    List<String> platforms =
        lines.getFirst().stream().skip(1).map(name -> name.replace("`", "")).toList();
    List<Cell> cells = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (List<String> line : lines.subList(2, lines.size())) {
      String check = line.getFirst();
      if (line.size() != platforms.size() + 1 || !names.add(check)) {
        throw new IllegalArgumentException("row " + line);
      }
      for (int i = 0; i < platforms.size(); i++) {
        cells.add(cell(check, platforms.get(i), line.get(i + 1)));
      }
    }
    return new PlatformTable(platforms, cells, numbers(TEXT_OF_NOTE, page));
  }

  private static List<String> columns(String line) {
    return Stream.of(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
        .map(String::strip)
        .toList();
  }

  private static Cell cell(String check, String platform, String text) {
    Matcher filled = FILLED.matcher(text);
    boolean named = filled.matches();
    if (!named && !EMPTY.matcher(text).matches()) {
      throw new IllegalArgumentException(check + " on " + platform + ": " + text);
    }
    List<String> codes = named ? List.of(filled.group(1).replace("`", "").split(", ")) : List.of();
    return new Cell(check, platform, Set.copyOf(codes), numbers(Pattern.compile(NOTE), text));
  }

  private static Set<Integer> numbers(Pattern pattern, String text) {
    Set<Integer> found = new TreeSet<>();
    pattern.matcher(text).results().forEach(match -> found.add(Integer.valueOf(match.group(1))));
    return found;
  }

  /** The cells of all rows but the one of the release switch. */
  public List<Cell> cellsOfVerification() {
    return cells.stream().filter(cell -> !cell.check().equals(RELEASE_ROW)).toList();
  }

  /** The cells of the release switch, one for each platform. */
  public List<Cell> cellsOfRelease() {
    return cells.stream().filter(cell -> cell.check().equals(RELEASE_ROW)).toList();
  }

  /** The footnotes that cells name. */
  public Set<Integer> usedNotes() {
    Set<Integer> used = new TreeSet<>();
    cells.stream().map(Cell::notes).forEach((Collection<Integer> each) -> used.addAll(each));
    return used;
  }
}
