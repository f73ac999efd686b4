package dstack.kms.core.config;

import java.util.Collection;

/** Guesses which known name a misspelt one was meant to be. */
final class NearestName {
  private NearestName() {}

  /** The known name with the smallest edit distance; the first one of equals. */
  static String of(String misspelt, Collection<String> known) {
    String nearest = "";
    int smallest = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(misspelt, candidate);
      if (distance < smallest) {
        smallest = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(row[j - 1], above[j]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
