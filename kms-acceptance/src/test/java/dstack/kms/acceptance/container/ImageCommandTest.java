package dstack.kms.acceptance.container;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Program;
import dstack.kms.testkit.ProjectRoot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./kms image} refuses before it builds anything. */
final class ImageCommandTest {
  private static Program image(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(ProjectRoot.path().resolve("kms").toString(), "image"));
    command.addAll(List.of(arguments));
    return Program.run(command);
  }

  @Test
  void namesTheOptionWhenThereIsNoJdkForAProcessor() {
    Program ended = image("--arch", "arm64");

    assertThat(ended.err())
        .isEqualTo(
            "kms: needs a JDK 25 for arm64, whose runtime becomes part of the image: name its"
                + " folder with --jdk-arm64\n");
    assertThat(ended.status()).isEqualTo(1);
  }

  @Test
  void refusesTheJdkOfAnotherProcessorAndAFolderThatIsNone() {
    String here = System.getProperty("java.home");
    for (String folder : List.of(here, "/nonexistent/jdk")) {
      Program ended = image("--arch", "arm64", "--jdk-arm64", folder);

      assertThat(ended.err())
          .matches("kms: no JDK 25 for arm64 in /.*: name its folder with --jdk-arm64\n");
      assertThat(ended.status()).isEqualTo(1);
    }
  }

  @Test
  void refusesProgramsForTheVariantThatHasNone() {
    Program ended = image("--helios", "/bin/true");

    assertThat(ended.err()).startsWith("kms: --helios, --curl and --jq belong to --variant shell");
    assertThat(ended.status()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--arch sparc", "--variant full", "--out", "--jdk-sparc /x", "x y"})
  void showsHowItIsCalledWhenItIsCalledWrongly(String arguments) {
    Program ended = image(arguments.split(" "));

    assertThat(ended.err()).startsWith("./kms image [--variant plain|shell]");
    assertThat(ended.status()).isEqualTo(2);
  }
}
