package dstack.kms.cli.doctor;

import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.node.NodeContext;
import java.nio.file.Path;

/**
 * What checks look at.
 *
 * @param config of the server to be
 * @param context clock, randomness and authorities, as the server would have them
 * @param root of the file system whose {@code proc} and {@code sys} are read
 */
record Host(KmsConfig config, NodeContext context, Path root) {
  /** A file of the kernel, by its absolute path. */
  Path kernel(String path) {
    return root.resolve(path.substring(1));
  }
}
