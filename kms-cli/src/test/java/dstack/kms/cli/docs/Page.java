package dstack.kms.cli.docs;

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
record Page(String path, String text) {
  /**
   * Stands on a line of its own before a block that nobody could run where the page was written.
   */
  static final String MARK = "<!-- not run: needs a cloud, a cluster or a container engine -->";

  private static final Pattern SPAN = Pattern.compile("(?<!`)`([^`\n]+)`(?!`)");

  /** README.md, and every page below docs and deploy. */
  static List<Page> all() {
    List<Page> pages = new ArrayList<>();
    pages.add(of(ProjectRoot.path().resolve("README.md")));
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

  static Page of(String path) {
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
  List<Block> blocks() {
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
        blocks.add(
            new Block(
                path + ":" + (i + 1), line.substring(3), body.stripIndent(), before.equals(MARK)));
        i = end;
      }
      before = line;
    }
    return blocks;
  }

  /** The code spans outside of blocks, as they read once the page is shown. */
  List<String> spans() {
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
   * @param marked whether {@link #MARK} stands before it
   */
  record Block(String where, String language, String body, boolean marked) {
    private static final Pattern TABLE = Pattern.compile("(?m)^\\[[a-z_.]+]$");

    boolean isShell() {
      return !isToml() && List.of("", "sh", "bash").contains(language);
    }

    boolean isToml() {
      return language.equals("toml") || (language.isEmpty() && TABLE.matcher(body).find());
    }

    /** The block without what programs answered: with prompts, only what stands after them. */
    String typed() {
      if (body.lines().noneMatch(line -> line.startsWith("$ "))) {
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
