package dstack.kms.acceptance.container;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The programs of others read our images and run them: skopeo, umoci and runc. */
final class OtherToolsTest {
  @TempDir private Path folder;

  private static String run(String tool, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Tool.require(tool).toString()));
    command.addAll(List.of(arguments));
    return Program.run(command).success();
  }

  /** Takes the image of this processor out of the archive, as a registry's client does. */
  private String copied(String variant) {
    String copy = folder.resolve("copy") + ":" + variant;
    Image.of(variant);
    run(
        "skopeo",
        "copy",
        "--insecure-policy",
        "--override-arch=amd64",
        "oci-archive:" + Image.ARCHIVE + ":" + variant,
        "oci:" + copy);
    return copy;
  }

  @Test
  void skopeoReadsTheArchiveForEachProcessor() {
    for (String processor : List.of("amd64", "arm64")) {
      Image image = Image.of("plain", processor);
      String archive = "oci-archive:" + Image.ARCHIVE + ":plain";
      JsonNode seen =
          JsonMapper.shared()
              .readTree(run("skopeo", "--override-arch=" + processor, "inspect", archive));

      assertThat(seen.get("Architecture").stringValue()).isEqualTo(processor);
      assertThat(seen.get("Labels")).isEqualTo(image.config().get("config").get("Labels"));
      assertThat(seen.get("Layers")).hasSameSizeAs(image.manifest().get("layers"));
    }
  }

  @Test
  void umociUnpacksWhatTarUnpacksAndRuncRunsIt() throws IOException {
    String image = copied("plain");
    Path bundle = Image.ARCHIVE.resolveSibling("bundle");
    run("rm", "-rf", bundle.toString());
    run("umoci", "unpack", "--image", image, bundle.toString());

    run(
        "diff",
        "-r",
        "--no-dereference",
        bundle.resolve("rootfs").toString(),
        Image.of("plain").root().toString());
    assertThat((int) Files.getAttribute(bundle.resolve("rootfs/kms"), "unix:uid")).isEqualTo(10001);
    edit(
        bundle.resolve("config.json"), "kms", "dev", "--check", "--port", "0", "--dir", "/kms/dev");
    String name = "kms-" + ProcessHandle.current().pid();
    assertThat(
            run(
                "runc",
                "--root",
                folder.resolve("runc").toString(),
                "run",
                "--bundle",
                bundle.toString(),
                name))
        .contains(" checks held, 0 failed");
  }

  /** Another command, and a root that nobody can write but for the volume. */
  private static void edit(Path config, String... command) throws IOException {
    String filter =
        ".process.args = $command | .process.terminal = false | .root.readonly = true"
            + " | .mounts += [{destination: \"/kms\", type: \"tmpfs\", source: \"tmpfs\","
            + " options: [\"uid=10001\", \"gid=10001\", \"mode=700\"]}]";
    String words = JsonMapper.shared().writeValueAsString(List.of(command));
    String jq = Tool.require("jq").toString();
    List<String> line = List.of(jq, "--argjson", "command", words, filter);
    Files.writeString(config, Program.run(line, Map.of(), Files.readString(config)).success());
  }
}
