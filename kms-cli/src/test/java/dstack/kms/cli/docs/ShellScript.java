package dstack.kms.cli.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a shell script apart into the words of its simple commands, as far as pages need it:
 * quotes, continued lines, remarks, lists and pipes, redirections, here-documents, and commands
 * within commands, which come before the one they are in.
 */
final class ShellScript {
  private static final Pattern PLACEHOLDER = Pattern.compile("<[A-Za-z][A-Za-z0-9 _-]*>");
  private static final Pattern HERE = Pattern.compile("<<-?'?\"?([A-Za-z]+)'?\"?");

  private final String text;
  private final List<List<String>> commands = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private final List<String> hereDocuments = new ArrayList<>();
  private boolean inWord;
  private boolean redirected;
  private int at;

  private ShellScript(String text) {
    this.text = text;
  }

  /** The commands of the script, each as its words without quotes. */
  static List<List<String>> commands(String text) {
    ShellScript script = new ShellScript(text);
    while (script.at < text.length()) {
      script.step();
    }
    script.endCommand();
    return script.commands;
  }

  private void step() {
    char next = text.charAt(at);
    if (next == '\\') {
      escaped();
    } else if (next == '\'') {
      take(text.indexOf('\'', at + 1));
    } else if (next == '"') {
      doubleQuoted();
    } else if (text.startsWith("$(", at) || text.startsWith("<(", at)) {
      substituted();
    } else if (next == '<' || next == '>') {
      redirection();
    } else if (next == '#' && !inWord) {
      at = endOfLine();
    } else if ("\n;|&()".indexOf(next) >= 0) {
      separator(next);
    } else if (Character.isWhitespace(next)) {
      endWord();
      at++;
    } else {
      add(next);
      at++;
    }
  }

  private void escaped() {
    if (!text.startsWith("\\\n", at) && at + 1 < text.length()) {
      add(text.charAt(at + 1));
    }
    at += 2;
  }

  private void take(int end) {
    int last = end < 0 ? text.length() : end;
    inWord = true;
    word.append(text, at + 1, last);
    at = last + 1;
  }

  private void doubleQuoted() {
    inWord = true;
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.startsWith("$(", at)) {
        substituted();
      } else {
        at += text.charAt(at) == '\\' ? 1 : 0;
        add(text.charAt(Math.min(at, text.length() - 1)));
        at++;
      }
    }
    at++;
  }

  /** A command within; its output is a placeholder of the word that it stands in. */
  private void substituted() {
    int depth = 1;
    int end = at + 2;
    while (end < text.length() && depth > 0) {
      depth += text.charAt(end) == '(' ? 1 : text.charAt(end) == ')' ? -1 : 0;
      end++;
    }
    commands.addAll(commands(text.substring(at + 2, Math.max(at + 2, end - 1))));
    inWord = true;
    word.append("$(…)");
    at = end;
  }

  private void redirection() {
    Matcher here = HERE.matcher(text).region(at, text.length());
    Matcher placeholder = PLACEHOLDER.matcher(text).region(at, text.length());
    if (placeholder.lookingAt()) {
      inWord = true;
      word.append(placeholder.group());
      at = placeholder.end();
    } else if (here.lookingAt()) {
      endWord();
      hereDocuments.add(here.group(1));
      at = here.end();
    } else {
      if (word.toString().matches("\\d?")) {
        word.setLength(0);
        inWord = false;
      }
      endWord();
      while (at < text.length() && "<>&".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      redirected = true;
    }
  }

  private void separator(char next) {
    endCommand();
    at++;
    if (next == '\n') {
      for (String end : hereDocuments) {
        int last = text.indexOf("\n" + end, at - 1);
        at = last < 0 ? text.length() : last + 1 + end.length();
      }
      hereDocuments.clear();
    }
  }

  private int endOfLine() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private void add(char next) {
    inWord = true;
    word.append(next);
  }

  private void endWord() {
    if (inWord && !redirected) {
      words.add(word.toString());
    }
    redirected &= !inWord;
    inWord = false;
    word.setLength(0);
  }

  private void endCommand() {
    endWord();
    redirected = false;
    if (!words.isEmpty()) {
      commands.add(List.copyOf(words));
    }
    words.clear();
  }
}
