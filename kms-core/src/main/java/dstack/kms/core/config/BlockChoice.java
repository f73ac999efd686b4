package dstack.kms.core.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * At which block a grant must stand: {@code core.auth_api.chain.block}.
 *
 * @param kind which sort of block
 * @param depth how many blocks below the newest, of {@link Kind#DEPTH} only
 */
public record BlockChoice(Kind kind, int depth) {
  private static final Pattern DEPTH = Pattern.compile("head-([1-9][0-9]{0,3})");

  /** Sorts of blocks. */
  public enum Kind {
    /** The newest. */
    LATEST,
    /** The newest that the consensus calls safe. */
    SAFE,
    /** The newest that the consensus calls finalized. */
    FINALIZED,
    /** So many below the newest. */
    DEPTH
  }

  /** The newest block. */
  public static final BlockChoice LATEST = new BlockChoice(Kind.LATEST, 0);

  static BlockChoice parse(String text) {
    Matcher depth = DEPTH.matcher(text);
    if (depth.matches()) {
      return new BlockChoice(Kind.DEPTH, Integer.parseInt(depth.group(1)));
    }
    return switch (text) {
      case "latest" -> LATEST;
      case "safe" -> new BlockChoice(Kind.SAFE, 0);
      case "finalized" -> new BlockChoice(Kind.FINALIZED, 0);
      default -> throw ConfigText.bad("must be latest, safe, finalized, or head-1 to head-9999");
    };
  }

  /** As it stands in the file. */
  public String word() {
    return kind == Kind.DEPTH ? "head-" + depth : kind.name().toLowerCase(Locale.ROOT);
  }
}
