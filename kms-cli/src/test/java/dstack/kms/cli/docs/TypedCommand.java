package dstack.kms.cli.docs;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One simple command of a page, without what a shell takes off its front.
 *
 * @param where page and line of its block
 * @param words the program and what it is given
 */
record TypedCommand(String where, List<String> words) {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*", Pattern.DOTALL);
  private static final Set<String> BEFORE =
      Set.of("sudo", "exec", "env", "time", "if", "then", "else", "do", "while", "until", "!", "{");
  private static final Set<String> CARRIERS = Set.of("docker", "bwrap", "kubectl");
  private static final Pattern PROGRAM = Pattern.compile("(?:\\./|.*/bin/)?(?:dstack-)?kms");

  static TypedCommand of(String where, List<String> words) {
    int first = 0;
    while (first < words.size() && isBefore(words.get(first))) {
      first++;
    }
    return new TypedCommand(where, List.copyOf(words.subList(first, words.size())));
  }

  private static boolean isBefore(String word) {
    return BEFORE.contains(word) || ASSIGNMENT.matcher(word).matches();
  }

  /** The program that starts, or nothing after assignments alone. */
  String program() {
    return words.isEmpty() ? "" : words.getFirst();
  }

  /** The same from the name of our program on, also where a container is started with it. */
  Optional<TypedCommand> ofOurs() {
    if (CARRIERS.contains(program())) {
      List<String> carried = carried();
      return carried.stream()
          .filter(word -> PROGRAM.matcher(word).matches())
          .findFirst()
          .map(word -> carried.subList(carried.indexOf(word), carried.size()))
          .map(command -> new TypedCommand(where, command));
    }
    return Optional.of(this).filter(each -> PROGRAM.matcher(each.program()).matches());
  }

  /** A namespace may be called kms: what kubectl starts stands behind the two dashes. */
  private List<String> carried() {
    int dashes = words.indexOf("--");
    if (dashes >= 0) {
      return words.subList(dashes + 1, words.size());
    }
    return program().equals("kubectl") ? List.of() : words;
  }

  @Override
  public String toString() {
    return where + ": " + String.join(" ", words);
  }
}
