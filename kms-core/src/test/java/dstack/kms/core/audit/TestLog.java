package dstack.kms.core.audit;

import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuditConfig;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.file.ProcessOwner;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Logs in folders of a test. */
final class TestLog {
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-06-01T12:00:00.250Z"));

  private TestLog() {}

  static AuditLog open(Path root, String... directories) {
    return open(root, new PosixFileActions(), 1 << 20, directories);
  }

  static AuditLog open(Path root, FileActions actions, long maxSegment, String... directories) {
    return open(root, actions, maxSegment, quick(), CLOCK, directories);
  }

  static AuditLog open(
      Path root,
      FileActions actions,
      long maxSegment,
      AuditSettings settings,
      InstantSource clock,
      String... directories) {
    try {
      Files.createDirectories(root.resolve("keys"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Path> paths = Stream.of(directories).map(root::resolve).toList();
    return AuditLog.open(
        new AuditConfig(true, paths, maxSegment),
        root.resolve("keys"),
        clock,
        new SecureRandom(),
        actions,
        ProcessOwner::effectiveUserId,
        settings);
  }

  /** Settings that let a test see in moments what otherwise takes seconds. */
  static AuditSettings quick() {
    return new AuditSettings(
        Duration.ofSeconds(20),
        Duration.ofSeconds(20),
        4096,
        50,
        5,
        Duration.ofMillis(20),
        Duration.ofMillis(20));
  }

  static AuditEvent event(String name) {
    return AuditEvent.done(AuditKind.BOOTSTRAP, Map.of("name", name));
  }

  static AuditEvent release(int number) {
    return AuditEvent.done(AuditKind.APP_KEY, Map.of("number", Integer.toString(number)))
        .about(subject(TeeVariant.TDX))
        .at(Optional.of(new BlockRef(1234, Bytes.fromHex("ab".repeat(32)))));
  }

  static AuditSubject subject(TeeVariant variant) {
    return new AuditSubject(
        new BootInfo(
            variant,
            Bytes.fromHex("01".repeat(32)),
            Bytes.fromHex("02".repeat(32)),
            Bytes.fromHex("03".repeat(32)),
            new AppId(Bytes.fromHex("04".repeat(20))),
            new ComposeHash(Bytes.fromHex("05".repeat(32))),
            new InstanceId(Bytes.fromHex("06".repeat(20))),
            Bytes.fromHex("07".repeat(32)),
            Bytes.utf8("{\"name\":\"kms\",\"id\":\"x\"}"),
            "UpToDate",
            List.of("INTEL-SA-00001", "INTEL-SA-00002")),
        Bytes.fromHex("08".repeat(32)));
  }

  static AuditEvent refusal(String reason) {
    return AuditEvent.refused(
            AuditKind.APP_KEY, new RefusalException(AuditRefusal.MISSING, reason), Map.of())
        .about(subject(TeeVariant.AWS_NITRO_TPM));
  }

  /** The lines of a directory, of all files in order. */
  static List<String> lines(Path directory) {
    return new AuditLines(directory).more();
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".jsonl"))
          .sorted()
          .toList();
    }
  }

  static void copy(Path from, Path to) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(from)) {
      walk.forEach(all::add);
    }
    for (Path path : all) {
      Files.copy(path, to.resolve(from.relativize(path)));
    }
  }

  static AuditReport verify(Path directory) {
    return AuditVerification.ofItself().verify(directory);
  }
}
