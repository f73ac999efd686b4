package dstack.kms.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.json.JsonMapper;

/** A folder in the form of the OCI image layout 1.0: blobs by digest and an index over them. */
final class OciLayout {
  static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final Path blobs;

  /** An empty layout in that folder; whatever was in it is gone. */
  OciLayout(Path folder) throws IOException {
    this.folder = folder;
    blobs = folder.resolve("blobs/sha256");
    Folders.delete(folder);
    Files.createDirectories(blobs);
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  /** A layer of an image: its blob, and the digest of what it unpacks to. */
  record Layer(Blob blob, String diffId, String comment) {}

  Layer addLayer(FileTree tree, String comment) throws IOException {
    Path made = Files.createTempFile(folder, "layer", ".tmp");
    MessageDigest packed = sha256();
    MessageDigest plain = sha256();
    try (OutputStream file = Files.newOutputStream(made);
        GZIPOutputStream gzip = new GZIPOutputStream(new DigestOutputStream(file, packed), 65_536);
        DigestOutputStream tar = new DigestOutputStream(gzip, plain)) {
      TarWriter.write(tree, tar);
    }
    return new Layer(keep(made, LAYER, packed), digest(plain), comment);
  }

  Blob addJson(String mediaType, Map<String, Object> document) throws IOException {
    Path made = Files.createTempFile(folder, "json", ".tmp");
    MessageDigest packed = sha256();
    try (OutputStream file = new DigestOutputStream(Files.newOutputStream(made), packed)) {
      file.write(JSON.writeValueAsBytes(document));
    }
    return keep(made, mediaType, packed);
  }

  /** Writes {@code index.json}, after which the layout is complete. */
  void finish(List<Map<String, Object>> descriptors) throws IOException {
    Map<String, Object> index = Json.object("schemaVersion", 2, "mediaType", INDEX);
    index.put("manifests", descriptors);
    Files.write(folder.resolve("index.json"), JSON.writeValueAsBytes(index));
  }

  /** The layout as one tar archive, which is how programs take it from a file. */
  static void archive(Path folder, Path file) throws IOException {
    FileTree tree = new FileTree();
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path each : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
        tree.file(folder.relativize(each).toString(), each);
      }
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      TarWriter.write(tree, out);
    }
  }

  private Blob keep(Path made, String mediaType, MessageDigest digest) throws IOException {
    String name = digest(digest);
    long size = Files.size(made);
    Path place = blobs.resolve(name.substring("sha256:".length()));
    Files.move(made, place, StandardCopyOption.REPLACE_EXISTING);
    Folders.readable(place);
    return new Blob(mediaType, name, size);
  }

  private static String digest(MessageDigest digest) {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
