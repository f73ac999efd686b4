package dstack.kms.core.config;

import java.util.List;
import java.util.Optional;

/** The keys of a table that hold URLs. */
record UrlKeys(TableReader table) {
  /** A URL of which the empty text means that there is none. */
  Optional<EndpointUrl> optional(String name) {
    return table.read(
        name,
        Optional.empty(),
        value ->
            Optional.of(ConfigText.string(value))
                .filter(text -> !text.isBlank())
                .map(EndpointUrl::parse),
        url -> url.map(EndpointUrl::display).orElse(""));
  }

  EndpointUrl one(String name, String otherwise) {
    return table.read(
        name,
        EndpointUrl.parse(otherwise),
        value -> EndpointUrl.parse(blankOr(ConfigText.string(value), otherwise)),
        EndpointUrl::display);
  }

  /** A URL in which a placeholder may stand; without credentials, as it is shown as it is. */
  String template(String name, String otherwise, String placeholder) {
    return table.read(
        name,
        otherwise,
        value -> withoutCredentials(ConfigText.string(value), placeholder),
        text -> text);
  }

  private static String withoutCredentials(String text, String placeholder) {
    if (ImageConfig.exampleOf(text, placeholder).authorization().isPresent()) {
      throw ConfigText.bad("must be a URL without credentials");
    }
    return text.strip();
  }

  /** One URL or a list of them; blank means the default. */
  List<EndpointUrl> several(String name, List<EndpointUrl> otherwise) {
    return table.read(
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
  List<RpcUrl> ofChain(String name, List<String> variables) {
    return table.readOr(
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

  private static String blankOr(String text, String otherwise) {
    return text.isBlank() ? otherwise : text;
  }
}
