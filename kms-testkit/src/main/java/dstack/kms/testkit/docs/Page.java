package dstack.kms.testkit.docs;

import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One page of Markdown.
 *
 * @param path from the root of the project, with slashes
 * @param text all of it
 */
public record Page(String path, String text) {
  private static final Pattern SPAN = Pattern.compile("(?<!`)`([^`\n]+)`(?!`)");

  /** README.md, and every page below docs and deploy. */
  public static List<Page> all() {
    List<Page> pages = new ArrayList<>();
    pages.add(of("README.md"));
    for (String folder : List.of("docs", "deploy")) {
      try (Stream<Path> files = Files.walk(ProjectRoot.path().resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".md"))
            .sorted()
            .map(Page::of)
            .forEach(pages::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return pages;
  }

  /** The page of that path below the project. */
  public static Page of(String path) {
    return of(ProjectRoot.path().resolve(path));
  }

  private static Page of(Path file) {
    try {
      String path = ProjectRoot.path().relativize(file).toString().replace('\\', '/');
      return new Page(path, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fenced blocks, also those that are indented as part of a list. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = text.lines().toList();
    String before = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("```")) {
        int end = i + 1;
        while (end < lines.size() && !lines.get(end).strip().equals("```")) {
          end++;
        }
        String body = String.join("\n", lines.subList(i + 1, Math.min(end, lines.size())));
        String remark = before.startsWith("<!--") ? before : "";
        blocks.add(new Block(path + ":" + (i + 1), line.substring(3), body.stripIndent(), remark));
        i = end;
      }
      before = line;
    }
    return blocks;
  }

  /** The code spans outside of blocks, as they read once the page is shown. */
  public List<String> spans() {
    StringBuilder prose = new StringBuilder();
    boolean fenced = false;
    for (String line : text.lines().toList()) {
      boolean fence = line.strip().startsWith("```");
      if (!fence && !fenced) {
        prose.append(line).append('\n');
      }
      fenced ^= fence;
    }
    return SPAN.matcher(prose).results().map(span -> span.group(1).replace("\\|", "|")).toList();
  }

  /**
   * What stands between two fences.
   *
   * @param where page and line of the opening fence
   * @param language the word after the fence, or empty
   * @param body the lines, without the indentation that they share
   * @param remark the line before the fence if it is a remark, as it stands there; else empty
   */
  public record Block(String where, String language, String body, String remark) {
    private static final Pattern TABLE = Pattern.compile("(?m)^\\[[a-z_.]+]$");

    /** Whether people are to type it, or a program has answered it to them. */
    public boolean isShell() {
      return !isToml() && List.of("", "sh", "bash").contains(language);
    }

    /** Whether it is configuration. */
    public boolean isToml() {
      boolean bare = language.isEmpty() && remark.isEmpty();
      return language.equals("toml") || (bare && TABLE.matcher(body).find());
    }

    /** What a test does with it. */
    public Mark mark() {
      return Mark.parse(where, remark);
    }

    /** Whether it has prompts, and answers between them. */
    public boolean hasPrompts() {
      return body.lines().anyMatch(line -> line.startsWith("$ "));
    }

    /** The block without what programs answered: with prompts, only what stands after them. */
    public String typed() {
      if (remark.equals(Mark.OUTPUT)) {
        return "";
      }
      if (!hasPrompts()) {
        return body;
      }
      StringBuilder typed = new StringBuilder();
      boolean continues = false;
      for (String line : body.lines().toList()) {
        if (continues || line.startsWith("$ ")) {
          typed.append(line.startsWith("$ ") ? line.substring(2) : line).append('\n');
          continues = line.endsWith("\\");
        }
      }
      return typed.toString();
    }
  }
}
