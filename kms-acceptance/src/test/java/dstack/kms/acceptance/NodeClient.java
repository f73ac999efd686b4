package dstack.kms.acceptance;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs one of the node programs beside these tests. */
final class NodeClient {
  private NodeClient() {}

  static String run(String script, String input, String... arguments) {
    Path root = ProjectRoot.path();
    List<String> command = new ArrayList<>();
    command.add(Tool.require("node").toString());
    command.add(root.resolve("kms-acceptance/src/test/node/" + script).toString());
    command.addAll(List.of(arguments));
    Map<String, String> environment =
        Map.of("KMS_NPM", dstack.kms.testkit.Node.packages().toString());
    return Program.run(command, environment, input).success();
  }
}
