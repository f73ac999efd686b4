package dstack.kms.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything an image is made of.
 *
 * @param jdks a JDK for each processor
 * @param debian the folder of unpacked packages of each processor is {@code debian/<word>}
 * @param tools further programs of the variant with a shell, by the path they get in the image: a
 *     file for each processor
 */
record Inputs(
    Distribution distribution,
    Map<Architecture, Path> jdks,
    Path debian,
    Path packages,
    Path classList,
    Path sbom,
    Map<String, List<Path>> tools) {
  /** What comes from Debian for a processor. */
  Debian debian(Architecture architecture) {
    return new Debian(debian.resolve(architecture.word), architecture);
  }

  /** The Java runtime for a processor. */
  JavaRuntime runtime(Architecture architecture) {
    Path jdk = jdks.get(architecture);
    if (jdk == null) {
      throw new ImageProblem("no JDK for " + architecture.word);
    }
    return new JavaRuntime(jdk, architecture);
  }
}
