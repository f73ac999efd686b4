package dstack.kms.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** The Rust verifier as WebAssembly in node, verifying the same quote at the same instant. */
final class WasmPeer {
  private WasmPeer() {}

  /** Median microseconds per verification; empty where node or the package is missing. */
  static OptionalDouble microseconds(Path root) throws IOException, InterruptedException {
    Path npm = root.resolve("build/npm");
    if (!Files.isDirectory(npm.resolve("node_modules/@phala/dcap-qvl-web"))) {
      return OptionalDouble.empty();
    }
    ProcessBuilder peer =
        new ProcessBuilder(
            List.of(
                "node",
                root.resolve("kms-bench/src/main/node/wasm-peer.mjs").toString(),
                QuoteSample.FOLDER.resolve(QuoteSample.QUOTE).toString(),
                QuoteSample.FOLDER.resolve(QuoteSample.COLLATERAL).toString(),
                String.valueOf(QuoteSample.NOW)));
    peer.environment().put("KMS_NPM", npm.toString());
    Process process = peer.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0
        ? OptionalDouble.of(Double.parseDouble(printed.strip()))
        : OptionalDouble.empty();
  }
}
