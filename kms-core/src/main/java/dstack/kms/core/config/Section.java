package dstack.kms.core.config;

import dstack.kms.core.answer.AnswerKey;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One table of the configuration; every read names its key and its default. */
final class Section {
  private final Settings settings;
  private final String prefix;

  private Section(Settings settings, String prefix) {
    this.settings = settings;
    this.prefix = prefix;
  }

  static Section of(Settings settings, String table) {
    return new Section(settings, table + ".");
  }

  Section table(String name) {
    return new Section(settings, prefix + name + ".");
  }

  /** A URL of which the empty text means that there is none. */
  Optional<EndpointUrl> optionalUrl(String name) {
    return read(
        name,
        Optional.empty(),
        value ->
            Optional.of(ConfigText.string(value))
                .filter(text -> !text.isBlank())
                .map(EndpointUrl::parse),
        url -> url.map(EndpointUrl::display).orElse(""));
  }

  String text(String name, String otherwise) {
    return read(name, otherwise, ConfigText::string, Function.identity());
  }

  /** A text of which the empty one means that there is none. */
  Optional<String> optionalText(String name) {
    return Optional.of(text(name, "")).filter(text -> !text.isBlank());
  }

  boolean flag(String name, boolean otherwise) {
    return read(name, otherwise, ConfigText::bool, String::valueOf);
  }

  int number(String name, int otherwise, int smallest, int largest) {
    return read(
        name,
        otherwise,
        value -> (int) ConfigText.between(ConfigText.integer(value), smallest, largest),
        String::valueOf);
  }

  long size(String name, long otherwise) {
    return read(name, otherwise, ConfigText::size, bytes -> bytes + " bytes");
  }

  /** The same under a method's name, of which the files may change the case (01 §6). */
  long sizeOfMethod(String method, long otherwise) {
    return size(settings.spelling(prefix, method), otherwise);
  }

  /** A length of time that ends; {@code never} and nothing at all are refused. */
  Duration deadline(String name, Duration otherwise) {
    return read(name, otherwise, ConfigText::deadline, ConfigText::show);
  }

  /** A length of time, empty for {@code never}. */
  Optional<Duration> durationOrNever(String name, Optional<Duration> otherwise) {
    return read(
        name,
        otherwise,
        ConfigText::duration,
        value -> value.map(ConfigText::show).orElse("never"));
  }

  /** A rate, empty for {@code unlimited}. */
  Optional<Rate> rate(String name, Rate otherwise) {
    return read(
        name,
        Optional.of(otherwise),
        Rate::parse,
        value -> value.map(Rate::text).orElse("unlimited"));
  }

  Path path(String name, Path otherwise) {
    return read(name, otherwise, ConfigText::path, Path::toString);
  }

  /** A path of which the empty text means that there is none. */
  Optional<Path> optionalPath(String name) {
    Path none = Path.of("");
    return Optional.of(path(name, none)).filter(path -> !path.toString().isBlank());
  }

  /** A path that is set, even to the empty text, as soon as its key is there. */
  Optional<Path> pathIfPresent(String name) {
    return settings.find(prefix + name).isPresent()
        ? Optional.of(path(name, Path.of("")))
        : absent(name);
  }

  /** A path that begins at the root; the empty one only where that is the default. */
  Path absolutePath(String name, Path otherwise) {
    return read(
        name,
        otherwise,
        found -> ConfigText.absolute(ConfigText.path(found), otherwise),
        Path::toString);
  }

  /** The same with a variable of another name, which wins over the file. */
  Path absolutePath(String name, Path otherwise, String variable) {
    String key = prefix + name;
    Path own = absolutePath(name, otherwise);
    boolean stronger = settings.find(key).filter(Located::textual).isPresent();
    Optional<String> other = settings.environment(variable);
    if (stronger || other.isEmpty()) {
      return own;
    }
    Path path = ConfigText.override(variable, other.get());
    settings.note(key, path.toString(), variable);
    return path;
  }

  /** So many bytes in hexadecimal, or none. */
  Optional<Bytes> optionalHex(String name, int length) {
    return read(
        name,
        Optional.empty(),
        found -> ConfigText.hex(ConfigText.string(found), length),
        bytes -> bytes.map(Bytes::hex).orElse(""));
  }

  /**
   * A subject public key info of P-256 in hexadecimal digits; none only where the setting is left
   * out, as an empty text would switch the check off unseen.
   */
  Optional<AnswerKey> answerKey(String name) {
    return read(
        name,
        Optional.empty(),
        found ->
            Optional.of(
                ConfigText.hex(ConfigText.string(found), AnswerKey.LENGTH)
                    .flatMap(AnswerKey::of)
                    .orElseThrow(
                        () ->
                            ConfigText.bad(
                                "must be a P-256 public key; without the key no answer need be"
                                    + " signed"))),
        key -> key.map(AnswerKey::text).orElse(""));
  }

  EndpointUrl url(String name, String otherwise) {
    return read(
        name,
        EndpointUrl.parse(otherwise),
        value -> EndpointUrl.parse(blankOr(ConfigText.string(value), otherwise)),
        EndpointUrl::display);
  }

  /** A URL in which a placeholder may stand; without credentials, as it is shown as it is. */
  String urlTemplate(String name, String otherwise, String placeholder) {
    return read(
        name, otherwise, value -> template(ConfigText.string(value), placeholder), text -> text);
  }

  private static String template(String text, String placeholder) {
    if (ImageConfig.exampleOf(text, placeholder).authorization().isPresent()) {
      throw ConfigText.bad("must be a URL without credentials");
    }
    return text.strip();
  }

  /** One URL or a list of them; blank means the default. */
  List<EndpointUrl> urls(String name, List<EndpointUrl> otherwise) {
    return read(
        name,
        otherwise,
        value -> {
          List<String> texts = ConfigText.strings(value);
          boolean none = texts.stream().allMatch(String::isBlank);
          return none ? otherwise : texts.stream().map(EndpointUrl::parse).toList();
        },
        urls -> String.join(", ", urls.stream().map(EndpointUrl::display).toList()));
  }

  /** Endpoints of a chain; a variable of the original is asked where no source has the key. */
  List<RpcUrl> rpcUrls(String name, List<String> variables) {
    return readOr(
        name,
        variables,
        List.of(),
        value ->
            ConfigText.strings(value).stream()
                .filter(text -> !text.isBlank())
                .map(RpcUrl::parse)
                .toList(),
        urls -> String.join(", ", urls.stream().map(RpcUrl::name).toList()));
  }

  /** A contract's address; a variable of the original is asked where no source has the key. */
  Optional<Bytes> address(String name, List<String> variables) {
    return readOr(
        name,
        variables,
        Optional.empty(),
        value -> ConfigText.contract(ConfigText.string(value)),
        address -> address.map(bytes -> "0x" + bytes.hex()).orElse(""));
  }

  List<Bytes> addresses(String name) {
    return list(
        name,
        text -> ConfigText.contract(text).orElseThrow(() -> ConfigText.bad("must not be empty")),
        address -> "0x" + address.hex());
  }

  /** Hashes of 32 bytes, with or without {@code 0x}. */
  List<Bytes> hashes(String name) {
    return list(
        name,
        text ->
            ConfigText.hex(text.startsWith("0x") ? text.substring(2) : text, 32)
                .orElseThrow(() -> ConfigText.bad("must not be empty")),
        hash -> "0x" + hash.hex());
  }

  BlockChoice block(String name, BlockChoice otherwise) {
    return read(
        name, otherwise, value -> BlockChoice.parse(ConfigText.string(value)), BlockChoice::word);
  }

  long count(String name, long otherwise, long largest) {
    return read(
        name,
        otherwise,
        value -> ConfigText.between(ConfigText.integer(value), 0, largest),
        String::valueOf);
  }

  /** A list of texts, in the environment joined by commas; none if the key is absent. */
  <T> List<T> list(String name, Function<String, T> parse, Function<T, String> show) {
    return read(
        name,
        List.of(),
        value -> ConfigText.strings(value).stream().map(String::strip).map(parse).toList(),
        items -> String.join(", ", items.stream().map(show).toList()));
  }

  ListenAddress listener(String address, int port) {
    InetAddress host =
        read(
            "address",
            ConfigText.address(address),
            value -> ConfigText.address(ConfigText.string(value)),
            InetAddress::getHostAddress);
    return new ListenAddress(host, number("port", port, 0, 65535));
  }

  /** One of a closed set of words. */
  <E extends Enum<E> & ConfigWord> E word(String name, E otherwise) {
    return read(
        name,
        otherwise,
        value -> ConfigText.word(ConfigText.string(value), otherwise.getDeclaringClass()),
        ConfigWord::word);
  }

  /** A list of words of a closed set, possibly empty. */
  <E extends Enum<E> & ConfigWord> List<E> words(String name, List<E> otherwise) {
    Class<E> kind = otherwise.getFirst().getDeclaringClass();
    return read(
        name,
        otherwise,
        value ->
            ConfigText.strings(value).stream()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> ConfigText.word(text, kind))
                .toList(),
        words -> String.join(", ", words.stream().map(ConfigWord::word).toList()));
  }

  /** A token, kept as its digest; the original's variables are asked where no source has one. */
  Optional<TokenDigest> token(String name, List<String> variables) {
    String key = prefix + name;
    Optional<Located> found = settings.find(key);
    String token = found.map(at -> located(key, true, at, ConfigText::string)).orElse("").strip();
    String origin = found.map(Located::origin).orElse("default");
    if (token.isEmpty()) {
      Optional<String> variable =
          variables.stream().filter(v -> settings.environment(v).isPresent()).findFirst();
      token = variable.flatMap(settings::environment).orElse("").strip();
      origin = variable.orElse(origin);
    }
    settings.note(key, token.isEmpty() ? "" : "(set)", origin);
    return token.isEmpty() ? Optional.empty() : Optional.of(TokenDigest.ofToken(token));
  }

  /**
   * A token of which the key, wherever it stands, holds one: an empty variable must not switch off
   * what a file asks for.
   */
  Optional<TokenDigest> tokenUnlessAbsent(String name) {
    String key = prefix + name;
    settings
        .find(key)
        .filter(found -> located(key, true, found, ConfigText::string).isBlank())
        .ifPresent(found -> located(key, true, found, Section::refuseEmpty));
    return token(name, List.of());
  }

  private static String refuseEmpty(Located found) {
    throw ConfigText.bad("must not be empty; leave the key out for a set-up without a token");
  }

  /** A text that also has a variable of another name, which wins over the file. */
  Optional<String> optionalText(String name, String variable) {
    String key = prefix + name;
    boolean stronger = settings.find(key).filter(Located::textual).isPresent();
    Optional<String> other = settings.environment(variable).filter(text -> !text.isBlank());
    Optional<String> own = optionalText(name);
    if (stronger || other.isEmpty()) {
      return own;
    }
    settings.note(key, other.get(), variable);
    return other;
  }

  /** The token's digest itself, 64 hexadecimal digits. */
  Optional<TokenDigest> tokenHash(String name) {
    return read(
        name,
        Optional.empty(),
        value -> TokenDigest.ofHex(ConfigText.string(value)),
        hash -> hash.isPresent() ? "(set)" : "");
  }

  /** Where the effective value of a key came from, as a parenthesis. */
  String where(String name) {
    return prefix + name + " (" + settings.originOf(prefix + name) + ")";
  }

  private Optional<Path> absent(String name) {
    settings.note(prefix + name, "", "default");
    return Optional.empty();
  }

  private <T> T readOr(
      String name,
      List<String> variables,
      T otherwise,
      Function<Located, T> parse,
      Function<T, String> show) {
    String key = prefix + name;
    if (settings.find(key).isPresent()) {
      return read(name, otherwise, parse, show);
    }
    for (String variable : variables) {
      Optional<String> text = settings.environment(variable).filter(found -> !found.isBlank());
      if (text.isPresent()) {
        T value = located(key, false, new Located(text.get(), variable, true), parse);
        settings.note(key, show.apply(value), variable);
        return value;
      }
    }
    return read(name, otherwise, parse, show);
  }

  private <T> T read(
      String name, T otherwise, Function<Located, T> parse, Function<T, String> show) {
    String key = prefix + name;
    Optional<Located> found = settings.find(key);
    T value = found.map(at -> located(key, false, at, parse)).orElse(otherwise);
    settings.note(key, show.apply(value), found.map(Located::origin).orElse("default"));
    return value;
  }

  private static <T> T located(
      String key, boolean secret, Located found, Function<Located, T> parse) {
    try {
      return parse.apply(found);
    } catch (ConfigText.BadValue e) {
      String shown = secret ? "its value " : "";
      throw new RefusalException(
          ConfigRefusal.BAD_VALUE, found.origin() + ": " + key + ": " + shown + e.getMessage());
    }
  }

  private static String blankOr(String text, String otherwise) {
    return text.isBlank() ? otherwise : text;
  }
}
