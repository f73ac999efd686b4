package dstack.kms.core.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One table of the configuration; every read names its key and its default. */
record Section(TableReader table) {
  static Section of(Settings settings, String table) {
    return new Section(new TableReader(settings, table + "."));
  }

  Section table(String name) {
    return new Section(table.table(name));
  }

  /** Its URLs. */
  UrlKeys urls() {
    return new UrlKeys(table);
  }

  /** Its paths. */
  PathKeys paths() {
    return new PathKeys(table);
  }

  /** Its bytes. */
  HexKeys hex() {
    return new HexKeys(table);
  }

  /** Its tokens. */
  TokenKeys tokens() {
    return new TokenKeys(table);
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
    return size(table.settings().spelling(table.prefix(), method), otherwise);
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

  /** A text that also has a variable of another name, which wins over the file. */
  Optional<String> optionalText(String name, String variable) {
    Optional<String> own = optionalText(name);
    Optional<String> other = table.stronger(name, variable).filter(text -> !text.isBlank());
    other.ifPresent(text -> table.note(name, text, variable));
    return other.or(() -> own);
  }

  /** Where the effective value of a key came from, as a parenthesis. */
  String where(String name) {
    String key = table.key(name);
    return key + " (" + table.settings().originOf(key) + ")";
  }

  private <T> T read(
      String name, T otherwise, Function<Located, T> parse, Function<T, String> show) {
    return table.read(name, otherwise, parse, show);
  }
}
