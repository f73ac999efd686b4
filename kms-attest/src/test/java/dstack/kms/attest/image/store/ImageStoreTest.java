package dstack.kms.attest.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.image.archive.ArchiveLimits;
import dstack.kms.attest.image.archive.Images;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageStoreTest {
  private static final byte[] ARCHIVE = Images.tar(Images.files()).archive();
  private static final Bytes HASH = Digests.sha256(Images.list(Images.files()));
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path cache;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

  private ImageStore store(String template, Duration timeout, long limit) {
    return new ImageStore(
        new ImageStoreSettings(
            cache.resolve("below"),
            template,
            Optional.of(timeout),
            new ArchiveLimits(limit),
            Duration.ofSeconds(10)),
        now::get);
  }

  private ImageStore store(ImageServer server) {
    return store(server.template(), Duration.ofMinutes(1), 1 << 24);
  }

  private Path folder() {
    return cache.resolve("below/images").resolve(HASH.hex());
  }

  private void leavesNothingBehind() throws IOException {
    Path work = cache.resolve("below/images/tmp");
    if (Files.exists(work)) {
      try (Stream<Path> left = Files.list(work)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void downloadsOnceAndVerifiesAtEveryUse() throws IOException {
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageStore store = store(server)) {
      for (int i = 0; i < 3; i++) {
        assertThat(store.image(HASH).osImageHash()).isEqualTo(HASH);
      }

      assertThat(server.requests()).containsExactly("/os/" + HASH + ".tar.gz");
      assertThat(store.counts().downloaded()).isOne();
      assertThat(store.counts().last()).hasValue(NOON);
      assertThat(store.counts().failures()).isZero();
      assertThat(Files.getPosixFilePermissions(folder()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      leavesNothingBehind();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 33, 64})
  @DisplayName("T-09: a hash of another length names no folder")
  void refusesAHashOfAnotherLength(int length) throws IOException {
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageStore store = store(server)) {
      assertThatThrownBy(() -> store.image(Bytes.zeros(length)))
          .hasMessage("os_image_hash must be 32 bytes");
      assertThat(server.requests()).isEmpty();
      assertThat(cache.resolve("below")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 404, 500, 503})
  void refusesAnyOtherStatusAndFollowsNoRedirect(int status) throws IOException {
    try (ImageServer target = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageServer server =
            new ImageServer(
                exchange -> {
                  String address = target.template().replace("{OS_IMAGE_HASH}", HASH.hex());
                  exchange.getResponseHeaders().add("Location", address);
                  ImageServer.sending(status, new byte[0]).to(exchange);
                });
        ImageStore store = store(server)) {
      assertThatThrownBy(() -> store.image(HASH))
          .hasMessage("Failed to download image: HTTP status " + status);
      assertThat(target.requests()).isEmpty();
      leavesNothingBehind();
    }
  }

  @Test
  void refusesAnAnswerWhoseLengthIsNoNumber() throws IOException {
    try (ImageServer server =
            new ImageServer(
                exchange -> {
                  exchange.getResponseHeaders().set("Content-Length", "many");
                  exchange.sendResponseHeaders(200, 0);
                });
        ImageStore store = store(server)) {
      assertThatThrownBy(() -> store.image(HASH))
          .isInstanceOf(RefusalException.class)
          .hasMessage("Failed to download image: no answer");
      leavesNothingBehind();
    }
  }

  @Test
  void refusesAnotherImage() throws IOException {
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageStore store = store(server)) {
      assertThatThrownBy(() -> store.image(Bytes.zeros(32)))
          .hasMessage("os_image_hash does not match sha256(sha256sum.txt)");
      assertThat(store.counts().downloaded()).isZero();
      assertThat(store.counts().last()).isEmpty();
      assertThat(store.counts().failures()).isOne();
      leavesNothingBehind();
    }
  }

  @Test
  void refusesABodyThatIsCutShort() throws IOException {
    try (ImageServer server =
            new ImageServer(
                exchange -> {
                  exchange.sendResponseHeaders(200, ARCHIVE.length);
                  exchange.getResponseBody().write(ARCHIVE, 0, ARCHIVE.length / 2);
                  exchange.getResponseBody().flush();
                });
        ImageStore store = store(server)) {
      assertThatThrownBy(() -> store.image(HASH))
          .hasMessage("Failed to download image: no complete answer")
          .extracting(e -> ((RefusalException) e).code().kind())
          .isEqualTo(RefusalKind.UNAVAILABLE);
      leavesNothingBehind();
    }
  }

  @Test
  void refusesABodyThatNeverEnds() throws IOException {
    byte[] block = new byte[1 << 16];
    try (ImageServer server =
            new ImageServer(
                exchange -> {
                  exchange.sendResponseHeaders(200, 0);
                  exchange.getResponseBody().write(ARCHIVE, 0, 10);
                  while (!Thread.currentThread().isInterrupted()) {
                    exchange.getResponseBody().write(block);
                  }
                });
        ImageStore store = store(server.template(), Duration.ofMinutes(1), 1 << 20)) {
      assertThatThrownBy(() -> store.image(HASH)).hasMessageContaining("image archive is ");
      leavesNothingBehind();
    }
  }

  @Test
  void givesUpOnAServerThatHangs() throws IOException {
    CountDownLatch released = new CountDownLatch(1);
    try (ImageServer server =
            new ImageServer(
                exchange -> {
                  exchange.sendResponseHeaders(200, ARCHIVE.length);
                  exchange.getResponseBody().write(ARCHIVE, 0, 100);
                  exchange.getResponseBody().flush();
                  awaitQuietly(released);
                });
        ImageStore store = store(server.template(), Duration.ofMillis(300), 1 << 24)) {
      assertThatThrownBy(() -> store.image(HASH)).hasMessage("Download image timeout");
      released.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void refusesAServerThatIsNotThere() throws IOException {
    String template;
    try (ImageServer gone = new ImageServer(ImageServer.sending(200, ARCHIVE))) {
      template = gone.template();
    }
    try (ImageStore store = store(template, Duration.ofMinutes(1), 1 << 24)) {
      assertThatThrownBy(() -> store.image(HASH)).hasMessage("Failed to download image: no answer");
    }
  }

  @Test
  void leavesAFailedImageAloneForAWhile() throws IOException {
    AtomicReference<ImageServer.Answer> answer =
        new AtomicReference<>(ImageServer.sending(404, new byte[0]));
    try (ImageServer server = new ImageServer(exchange -> answer.get().to(exchange));
        ImageStore store = store(server)) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> store.image(HASH)).hasMessageContaining("HTTP status 404");
      }
      assertThat(server.requests()).hasSize(1);
      answer.set(ImageServer.sending(200, ARCHIVE));
      now.set(NOON.plusSeconds(10));

      assertThat(store.image(HASH).osImageHash()).isEqualTo(HASH);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void downloadsOnceForManyWhoAsk() throws IOException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (ImageServer server =
            new ImageServer(
                exchange -> {
                  asked.countDown();
                  awaitQuietly(released);
                  ImageServer.sending(200, ARCHIVE).to(exchange);
                });
        ImageStore store = store(server)) {
      List<CompletableFuture<Bytes>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> store.image(HASH).osImageHash(), task -> Thread.ofVirtual().start(task)));
      }
      awaitQuietly(asked);
      released.countDown();

      assertThat(answers).allMatch(answer -> answer.join().equals(HASH));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void refusesMoreThanFourDownloadsAtOnce() throws IOException {
    CountDownLatch asked = new CountDownLatch(4);
    CountDownLatch released = new CountDownLatch(1);
    try (ImageServer server =
            new ImageServer(
                exchange -> {
                  asked.countDown();
                  awaitQuietly(released);
                });
        ImageStore store = store(server)) {
      for (int i = 0; i < 4; i++) {
        Bytes hash = Digests.sha256(Bytes.utf8("image " + i));
        Thread.ofVirtual().start(() -> refusedQuietly(store, hash));
      }
      awaitQuietly(asked);

      assertThatThrownBy(() -> store.image(HASH))
          .hasMessage("too many images are being downloaded");
      released.countDown();
    }
  }

  private static void refusedQuietly(ImageStore store, Bytes hash) {
    try {
      store.image(hash);
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fw", "kernel", "initrd", "metadata.json", "sha256sum.txt"})
  @DisplayName("T-43: a kept copy that was changed is refused and fetched anew")
  void noticesAChangedCopy(String name) throws IOException {
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageStore store = store(server)) {
      store.image(HASH);
      Path file = folder().resolve(name);
      byte[] content = Files.readAllBytes(file);
      content[0] ^= 1;
      Files.write(file, content);

      assertThatThrownBy(() -> store.image(HASH)).isInstanceOf(RefusalException.class);
      assertThat(folder()).doesNotExist();
      assertThat(store.image(HASH).osImageHash()).isEqualTo(HASH);
      assertThat(server.requests()).hasSize(2);
      leavesNothingBehind();
    }
  }

  @Test
  void noticesThatTheCopyIsAnotherImage() throws IOException {
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageStore store = store(server)) {
      store.image(HASH);
      Bytes other = Bytes.zeros(32);
      Files.move(folder(), folder().resolveSibling(other.hex()));

      assertThatThrownBy(() -> store.image(other))
          .hasMessage("legacy TDX attestation requires os_image_hash = sha256(sha256sum.txt)");
    }
  }

  @Test
  void refusesALinkInAnImagesPlace() throws IOException {
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageStore store = store(server)) {
      store.image(HASH);
      Path elsewhere = Files.move(folder(), cache.resolve("elsewhere"));
      Files.createSymbolicLink(folder(), elsewhere);

      assertThat(store.image(HASH).osImageHash()).isEqualTo(HASH);
      assertThat(Files.isSymbolicLink(folder())).isFalse();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void downloadsAgainAfterTheCacheWasCleared() throws IOException {
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageStore store = store(server)) {
      store.image(HASH);
      new ImageFolders(cache).remove(cache.resolve("below/images"));

      assertThat(store.image(HASH).osImageHash()).isEqualTo(HASH);
      assertThat(server.requests()).hasSize(2);
    }
  }

  private Path workFolder(String name, Duration age) throws IOException {
    Path folder = Files.createDirectories(cache.resolve("below/images/tmp").resolve(name));
    Files.writeString(folder.resolve("kernel"), "half of it");
    Files.setLastModifiedTime(folder, FileTime.from(NOON.minus(age)));
    return folder;
  }

  @Test
  @DisplayName("T-09: a crash in the middle of a download costs no space for ever")
  void removesWorkFoldersOfEndedProcesses() throws IOException {
    Path old = workFolder("tmp-download-" + HASH + "-17", Duration.ofSeconds(3601));
    Path young = workFolder("tmp-download-" + HASH + "-18", Duration.ofHours(1));
    Path foreign = workFolder("somebody's", Duration.ofDays(2));
    Path kept = Files.createDirectories(cache.resolve("kept"));
    Files.writeString(kept.resolve("file"), "stays");
    Files.createSymbolicLink(old.resolve("link"), kept);
    Files.setLastModifiedTime(old, FileTime.from(NOON.minus(Duration.ofHours(2))));

    store("http://localhost/", Duration.ofMinutes(1), 1 << 24).close();

    assertThat(old).doesNotExist();
    assertThat(young).isDirectory();
    assertThat(foreign).isDirectory();
    assertThat(kept.resolve("file")).exists();
  }

  @Test
  void leavesTheWorkFolderOfADownloadThatRuns() throws IOException {
    Path old = workFolder("tmp-download-" + HASH + "-17", Duration.ofDays(1));
    Path locks = Files.createDirectories(cache.resolve("below/locks"));
    try (FileChannel held =
            FileChannel.open(
                locks.resolve(HASH.hex()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = held.lock()) {
      store("http://localhost/", Duration.ofMinutes(1), 1 << 24).close();
      assertThat(old).isDirectory();
    }
    store("http://localhost/", Duration.ofMinutes(1), 1 << 24).close();

    assertThat(old).doesNotExist();
  }

  @Test
  void namesItsWorkFoldersSoThatTheyAreFoundAgain() throws IOException {
    Path work = new ImageFolders(cache.resolve("below")).newWorkFolder(HASH);
    Files.setLastModifiedTime(work, FileTime.from(NOON.minus(Duration.ofDays(1))));

    store("http://localhost/", Duration.ofMinutes(1), 1 << 24).close();

    assertThat(work).doesNotExist();
  }

  @Test
  void startsWhereTheWorkFolderIsALink() throws IOException {
    Path elsewhere = Files.createDirectories(cache.resolve("elsewhere"));
    Path old = Files.createDirectories(elsewhere.resolve("tmp-download-" + HASH + "-17"));
    Files.setLastModifiedTime(old, FileTime.from(NOON.minus(Duration.ofDays(1))));
    Files.createDirectories(cache.resolve("below/images"));
    Files.createSymbolicLink(cache.resolve("below/images/tmp"), elsewhere);

    store("http://localhost/", Duration.ofMinutes(1), 1 << 24).close();

    assertThat(old).isDirectory();
  }

  @Test
  void downloadsNothingWhileTheImageIsLocked() throws IOException {
    Path locks = Files.createDirectories(cache.resolve("below/locks"));
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        FileChannel held =
            FileChannel.open(
                locks.resolve(HASH.hex()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = held.lock();
        ImageStore store = store(server)) {
      assertThatThrownBy(() -> store.image(HASH))
          .hasMessage("an earlier download of this image is still ending");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void refusesAFolderThatCannotBeMade() throws IOException {
    Files.writeString(cache.resolve("below"), "a file");
    try (ImageServer server = new ImageServer(ImageServer.sending(200, ARCHIVE));
        ImageStore store = store(server)) {
      assertThatThrownBy(() -> store.image(HASH)).hasMessage("the folder of images cannot be used");
    }
  }

  @Test
  void refusesThoseWhoWaitWhenItIsClosed() throws IOException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (ImageServer server =
        new ImageServer(
            exchange -> {
              asked.countDown();
              awaitQuietly(released);
            })) {
      ImageStore store = store(server);
      CompletableFuture<Bytes> answer =
          CompletableFuture.supplyAsync(
              () -> store.image(HASH).osImageHash(), task -> Thread.ofVirtual().start(task));
      awaitQuietly(asked);
      store.close();

      assertThatThrownBy(answer::join).hasMessageContaining("the image store is closed");
      released.countDown();
    }
  }
}
