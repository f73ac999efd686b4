package dstack.kms.onboard.setup;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fixed files of the page, from the program itself, under {@code /setup/}. */
final class PageFiles {
  private static final String FOLDER = "/setup/";
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final Map<String, String> texts =
      Stream.of(
              "page.css",
              "page.js",
              "dom.js",
              "api.js",
              "attestation.js",
              "preflight.js",
              "status.js")
          .collect(Collectors.toUnmodifiableMap(Function.identity(), PageFiles::text));

  /** The file at that path, if there is one. */
  Optional<HttpReply> at(String path) {
    return Optional.of(path)
        .filter(asked -> asked.startsWith(FOLDER))
        .map(asked -> asked.substring(FOLDER.length()))
        .filter(texts::containsKey)
        .map(name -> HttpReply.of(200, type(name), ReplyBody.of(texts.getOrDefault(name, ""))));
  }

  /** The text of a file of this package. */
  static String text(String name) {
    try (InputStream stream = PageFiles.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the program lacks its file " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(String name) {
    return name.endsWith(".css") ? STYLE : SCRIPT;
  }
}
