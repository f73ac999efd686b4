package dstack.kms.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every refusal has its own stable code, and operators can look it up. */
final class RefusalCodesTest {
  private static final List<RefusalCode> CODES =
      Product.CLASSES.stream()
          .filter(each -> each.isEnum() && each.isAssignableTo(RefusalCode.class))
          .map(each -> each.reflect().getEnumConstants())
          .flatMap(constants -> List.of(constants).stream())
          .map(RefusalCode.class::cast)
          .toList();

  @Test
  void givesEachReasonACodeOfItsOwn() {
    assertThat(CODES).extracting(RefusalCode::code).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void writesCodesAsLowerCaseWordsJoinedByHyphens() {
    assertThat(CODES)
        .extracting(RefusalCode::code)
        .allMatch(code -> code.matches("[a-z0-9]+(-[a-z0-9]+)*"));
  }

  @Test
  void listsExactlyTheseCodesInTheReference() throws IOException {
    String page = Files.readString(ProjectRoot.path().resolve("docs/reference/error-codes.md"));
    List<String> listed =
        Pattern.compile("(?m)^\\| `([^`]+)`").matcher(page).results().map(m -> m.group(1)).toList();

    assertThat(new TreeSet<>(listed))
        .as("run ./kms format to write docs/reference/error-codes.md anew")
        .isEqualTo(new TreeSet<>(CODES.stream().map(RefusalCode::code).toList()));
  }
}
