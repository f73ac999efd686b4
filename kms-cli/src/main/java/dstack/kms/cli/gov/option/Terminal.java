package dstack.kms.cli.gov.option;

import java.io.Console;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The person at the keyboard, if there is one. */
public interface Terminal {
  /** The terminal that the program was started from. */
  Terminal SYSTEM =
      new Terminal() {
        @Override
        public Optional<String> ask(String question) {
          return console().map(console -> orEmpty(console.readLine("%s", question)));
        }

        @Override
        public Optional<char[]> askSecret(String question) {
          return console()
              .map(console -> console.readPassword("%s", question))
              .map(typed -> typed == null ? new char[0] : typed);
        }

        private static String orEmpty(@Nullable String line) {
          return line == null ? "" : line;
        }

        private static Optional<Console> console() {
          return Optional.ofNullable(System.console()).filter(Console::isTerminal);
        }
      };

  /** What is typed; empty if nobody is there. */
  Optional<String> ask(String question);

  /** What is typed without being shown, to be wiped by the caller; empty if nobody is there. */
  Optional<char[]> askSecret(String question);

  /** Wipes what was typed. */
  static void wipe(char[] typed) {
    Arrays.fill(typed, '\0');
  }
}
