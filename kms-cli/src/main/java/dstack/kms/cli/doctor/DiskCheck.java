package dstack.kms.cli.doctor;

import dstack.kms.core.audit.AuditReserve;
import dstack.kms.core.file.Room;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The folders that must outlive the process: keys and audit log. */
final class DiskCheck implements HostCheck {
  private static final long ROOM_MIB = 64;

  @Override
  public List<Finding> look(Host host) {
    Set<Path> folders = new LinkedHashSet<>();
    folders.add(host.config().certDir());
    if (host.config().audit().enabled()) {
      folders.addAll(host.config().audit().directories());
    }
    List<Finding> found = new ArrayList<>();
    for (Path folder : folders) {
      found.add(look("disk " + folder, folder));
    }
    return found;
  }

  private static Finding look(String name, Path folder) {
    if (Files.isSymbolicLink(folder)) {
      return Finding.problem(name, "is a link", "Name the folder itself.");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      return Finding.problem(name, "is not a folder", "Name a folder.");
    }
    Path existing = nearest(folder);
    try {
      return existing.equals(folder) ? inside(name, folder) : before(name, existing);
    } catch (IOException e) {
      return Finding.problem(
          name, "the volume does not answer: " + e.getMessage(), "Look at the volume.");
    }
  }

  private static Finding before(String name, Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return Finding.problem(
          name, "cannot be made: " + parent + " is not a folder", "Name another place.");
    }
    if (!Files.isWritable(parent)) {
      return Finding.problem(
          name,
          "does not exist and cannot be made in " + parent,
          "Make it, with mode 0700 and the server's user as its owner.");
    }
    return volume(name, parent, "will be made in " + parent);
  }

  private static Finding inside(String name, Path folder) throws IOException {
    String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
    String user = System.getProperty("user.name");
    if (!owner.equals(user)) {
      return Finding.problem(
          name,
          "belongs to " + owner + ", but this runs as " + user,
          "Run this as the server's user, or give the folder to that user.");
    }
    try {
      writeDurably(folder);
    } catch (IOException e) {
      return Finding.problem(
          name,
          "cannot be written durably: " + e.getMessage(),
          "Use a volume that can be written and that supports fsync.");
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
    boolean open = mode.stream().anyMatch(each -> !each.name().startsWith("OWNER_"));
    return open
        ? Finding.warning(
            name,
            "others may look into it",
            "chmod 0700; the server does it at its start if it can.")
        : volume(name, folder, "can be written durably");
  }

  private static Finding volume(String name, Path folder, String well) throws IOException {
    Room room = Room.of(folder);
    long mebibytes = room.free() >> 20;
    if (mebibytes < ROOM_MIB) {
      return Finding.problem(
          name,
          mebibytes + " MiB are free; without room for the audit log nothing is released",
          "Make room.");
    }
    if (AuditReserve.isReached(room)) {
      return Finding.warning(
          name,
          mebibytes
              + " MiB are free; the audit log records no refusals below "
              + (AuditReserve.of(room) >> 20),
          "Make room.");
    }
    String type = Files.getFileStore(folder).type().toLowerCase(Locale.ROOT);
    return type.matches("tmpfs|ramfs|overlay")
        ? Finding.warning(
            name,
            "lies on " + type + ": the keys are gone with the machine or the container",
            "Use a persistent volume, or keep another replica or a backup.")
        : Finding.ok(name, well + ", " + mebibytes + " MiB free");
  }

  /** A file that is written, made durable and taken away again. */
  private static void writeDurably(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, ".doctor", ".tmp");
    try (FileChannel file = FileChannel.open(probe, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[4096]));
      file.force(true);
    } finally {
      Files.delete(probe);
    }
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static Path nearest(Path folder) {
    Path candidate = folder.toAbsolutePath();
    while (!Files.exists(candidate) && candidate.getParent() != null) {
      candidate = candidate.getParent();
    }
    return Files.exists(folder) ? folder : candidate;
  }
}
