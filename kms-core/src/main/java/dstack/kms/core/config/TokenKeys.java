package dstack.kms.core.config;

import java.util.List;
import java.util.Optional;

/** The keys of a table that hold tokens, which are kept as their digests and never shown. */
record TokenKeys(TableReader table) {
  /** A token, kept as its digest; the original's variables are asked where no source has one. */
  Optional<TokenDigest> one(String name, List<String> variables) {
    Settings settings = table.settings();
    Optional<Located> found = table.find(name);
    String token =
        found.map(at -> table.parsedSecret(name, at, ConfigText::string)).orElse("").strip();
    String origin = found.map(Located::origin).orElse("default");
    if (token.isEmpty()) {
      Optional<String> variable =
          variables.stream().filter(v -> settings.environment(v).isPresent()).findFirst();
      token = variable.flatMap(settings::environment).orElse("").strip();
      origin = variable.orElse(origin);
    }
    table.note(name, token.isEmpty() ? "" : "(set)", origin);
    return token.isEmpty() ? Optional.empty() : Optional.of(TokenDigest.ofToken(token));
  }

  /**
   * A token of which the key, wherever it stands, holds one: an empty variable must not switch off
   * what a file asks for.
   */
  Optional<TokenDigest> unlessAbsent(String name) {
    table
        .find(name)
        .filter(found -> table.parsedSecret(name, found, ConfigText::string).isBlank())
        .ifPresent(found -> table.parsedSecret(name, found, TokenKeys::refuseEmpty));
    return one(name, List.of());
  }

  /** The token's digest itself, 64 hexadecimal digits. */
  Optional<TokenDigest> hash(String name) {
    return table.read(
        name,
        Optional.empty(),
        value -> TokenDigest.ofHex(ConfigText.string(value)),
        hash -> hash.isPresent() ? "(set)" : "");
  }

  private static String refuseEmpty(Located found) {
    throw ConfigText.bad("must not be empty; leave the key out for a set-up without a token");
  }
}
