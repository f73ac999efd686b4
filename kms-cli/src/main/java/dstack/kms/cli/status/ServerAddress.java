package dstack.kms.cli.status;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The address of a listener on the command line: {@code http://host[:port]}. */
public final class ServerAddress implements ITypeConverter<URI> {
  @Override
  public URI convert(String text) {
    URI address;
    try {
      address = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (URISyntaxException e) {
      throw bad(text);
    }
    boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    boolean bare =
        address.getRawUserInfo() == null
            && address.getRawQuery() == null
            && address.getRawFragment() == null;
    if (!http || !bare || address.getHost() == null) {
      throw bad(text);
    }
    return address;
  }

  private static TypeConversionException bad(String text) {
    return new TypeConversionException(
        "expected an address like http://127.0.0.1:8002, not '" + text + "'");
  }
}
