package dstack.kms.onboard.epoch;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which applications received keys or certificates, as the audit log on this machine has it
 * (docs/reference/audit-log.md). Chain and signatures are not looked at: {@code kms audit verify}
 * does that.
 */
public final class ReleaseHistory {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> RELEASES = Set.of("app-key", "app-certificate");
  private static final String SUFFIX = ".jsonl";

  private ReleaseHistory() {}

  /** What one place of the log says about a generation; nothing if there is no log. */
  public static List<AppReleases> read(Path directory, int epoch) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> segments =
          files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      return grouped(releases(segments, epoch));
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private static List<AppReleases> grouped(Stream<AppReleases.Release> releases) {
    Map<String, List<AppReleases.Release>> byApp =
        releases.collect(
            Collectors.groupingBy(AppReleases.Release.byApp(), TreeMap::new, Collectors.toList()));
    return byApp.values().stream()
        .map(of -> AppReleases.of(of.getFirst().app(), of.stream()))
        .toList();
  }

  /** A line belongs to the epoch that the node started with; lines from before name none: 0. */
  private static Stream<AppReleases.Release> releases(List<Path> segments, int epoch) {
    AtomicInteger serving = new AtomicInteger();
    return segments.stream()
        .flatMap(ReleaseHistory::lines)
        .peek(line -> startedWith(line).ifPresent(serving::set))
        .filter(_ -> serving.get() == epoch)
        .flatMap(line -> release(line).stream());
  }

  private static Stream<JsonNode> lines(Path segment) {
    try {
      return Files.readAllLines(segment).stream().map(line -> parsed(segment, line));
    } catch (IOException e) {
      throw failed(segment, e);
    }
  }

  private static JsonNode parsed(Path segment, String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw failed(segment, new IOException("a line is no JSON", e));
    }
  }

  private static Optional<Integer> startedWith(JsonNode line) {
    if (!line.path("kind").asString("").equals("node-started")) {
      return Optional.empty();
    }
    return Optional.of(Integer.valueOf(line.path("facts").path("epoch").asString("0")));
  }

  private static Optional<AppReleases.Release> release(JsonNode line) {
    JsonNode info = line.path("bootInfo");
    boolean released =
        RELEASES.contains(line.path("kind").asString(""))
            && line.path("outcome").asString("").equals("allowed")
            && info.isObject();
    return released
        ? Optional.of(
            new AppReleases.Release(
                new AppId(Bytes.fromHex(info.path("appId").asString(""))),
                new InstanceId(Bytes.fromHex(info.path("instanceId").asString(""))),
                line.path("time").asString("")))
        : Optional.empty();
  }

  private static RefusalException failed(Path what, IOException e) {
    return RefusalException.causedBy(EpochRefusal.FAILED, "cannot read the audit log " + what, e);
  }
}
