package dstack.kms.acceptance.docs;

import dstack.kms.testkit.docs.Mark;
import dstack.kms.testkit.docs.Page;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Goes through a page from its first block to its last; the first that fails ends it. */
final class PageRun {
  /** Ends the shell at the first command that fails, as no reader would go on. */
  private static final String STRICT = "set -e -o pipefail\n";

  private static final Pattern VARIABLE =
      Pattern.compile("\\b([A-Z][A-Z0-9_]*)=(?:\"[^\"]*\"|\\S+)");

  private final Page page;
  private final Reader reader;
  private String said = "";
  private int typed;

  private PageRun(Page page, Reader reader) {
    this.page = page;
    this.reader = reader;
  }

  /** Runs the page; the number of blocks that were typed. */
  static int of(Page page) {
    try (Reader reader = new Reader(page)) {
      PageRun run = new PageRun(page, reader);
      run.require(page.path(), run.prepared(), 0);
      page.blocks().forEach(run::block);
      return run.typed;
    }
  }

  /** What a reader of this page has, from a script that is named like the page. */
  private String prepared() {
    boolean own = Files.exists(Reader.SCRIPTS.resolve(Reader.script(page)));
    return ". ~/pages/reader.sh\n" + (own ? STRICT + ". ~/pages/" + Reader.script(page) : "");
  }

  private void block(Page.Block block) {
    switch (block.mark()) {
      case Mark.Run(int status) -> type(block, status);
      case Mark.Interrupt() -> {
        require(block.where(), "ctrl_c", 0);
        type(block, 0);
      }
      case Mark.Answered(String answer) -> answer(block, answer);
      case Mark.Background(String until) -> start(block, until);
      case Mark.Output() -> compare(block.where(), block.body());
      case Mark.Yours() -> set(block);
      case Mark.Written(String file, boolean appended) ->
          require(
              block.where(),
              "cat %s%s <<'END OF FILE'\n%s\nEND OF FILE"
                  .formatted(appended ? ">>" : ">", file, block.body()),
              0);
      case Mark.By _, Mark.Elsewhere _, Mark.None _ -> {}
    }
  }

  private void type(Page.Block block, int status) {
    typed++;
    List<Dialogue.Line> lines = Dialogue.of(block);
    for (int i = 0; i < lines.size(); i++) {
      Dialogue.Line line = lines.get(i);
      int wanted = i + 1 == lines.size() ? status : 0;
      require(block.where(), (wanted == 0 ? STRICT : "set +e\n") + line.typed(), wanted);
      line.shown().ifPresent(shown -> compare(block.where(), shown));
    }
  }

  /** Each command at a terminal of its own, so that the program asks. */
  private void answer(Page.Block block, String answer) {
    typed++;
    for (String command : Dialogue.commands(block.typed())) {
      require(
          block.where(),
          """
          cat >~/typed.sh <<'END OF FILE'
          set -e -o pipefail
          %s
          END OF FILE
          printf '%s\\n%%.0s' 1 2 3 4 | script -qec 'bash ~/typed.sh' /dev/null | tr -d '\\r'
          (exit ${PIPESTATUS[1]})
          """
              .formatted(command, answer),
          0);
    }
  }

  private void start(Page.Block block, String until) {
    typed++;
    require(
        block.where(),
        "typed() {\n%s\n}\nset +e\nbeside '%s' typed".formatted(block.typed(), until),
        0);
  }

  /**
   * The page's own values are examples; the script of the page has others, also by a function
   * {@code yours} for those that only show on the way.
   */
  private void set(Page.Block block) {
    String names =
        VARIABLE
            .matcher(block.body())
            .results()
            .map(each -> each.group(1))
            .distinct()
            .collect(Collectors.joining(" "));
    require(
        block.where(),
        """
        ! declare -F yours >/dev/null || yours
        for name in %1$s; do : "${!name:?has no value in the script of the page}"; done
        export %1$s
        """
            .formatted(names),
        0);
  }

  private void require(String where, String commands, int status) {
    Shell.Ended ended = reader.type(where, commands);
    said = ended.output();
    if (ended.status() != status) {
      throw new AssertionError(
          "%s: status %d instead of %d of\n%s\n\n%s"
              .formatted(where, ended.status(), status, commands, said));
    }
  }

  private void compare(String where, String shown) {
    if (!Dialogue.shows(shown, said)) {
      throw new AssertionError(
          "%s: the page shows\n%s\n\nand this is printed:\n%s".formatted(where, shown, said));
    }
  }
}
