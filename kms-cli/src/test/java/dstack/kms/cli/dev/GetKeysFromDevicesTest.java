package dstack.kms.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.device.GuestDevices;
import dstack.kms.cli.device.GuestDevices.Way;
import dstack.kms.cli.device.PreloadedProgram;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kms get-keys} in a guest without an agent: its evidence comes from the devices themselves.
 * The calls are real and meet {@code native/doubles.c}; a TPM is a real one in software; what signs
 * is the simulated platform, whose roots the server of that platform has.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GetKeysFromDevicesTest {
  private static final List<PlatformKind> KINDS =
      List.of(PlatformKind.TDX, PlatformKind.GCP_TDX, PlatformKind.NITRO, PlatformKind.SEV_SNP);

  private final Map<PlatformKind, TestServer> servers = new EnumMap<>(PlatformKind.class);
  private Path folder;
  private SimulatedPlatform elsewhere;
  private Path doubles;
  private PreloadedProgram program;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    // One maker of all platforms: each server has the roots of its own platform and no others.
    Path maker = Files.createDirectory(folder.resolve("maker"));
    for (PlatformKind kind : KINDS) {
      Path own = Files.createDirectory(folder.resolve(kind.name()));
      Files.createSymbolicLink(own.resolve("sim"), maker);
      servers.put(kind, new TestServer(own, kind));
    }
    elsewhere =
        SimulatedPlatform.open(
            folder.resolve("elsewhere"), InstantSource.system(), new SecureRandom());
    // Short, for the sockets in it.
    doubles = Files.createTempDirectory("d");
    program = new PreloadedProgram(doubles);
  }

  @AfterAll
  void stop() throws IOException {
    program.close();
    Files.delete(doubles.resolve("stderr"));
    Files.delete(doubles);
    servers.values().forEach(TestServer::close);
  }

  private static PlatformKind kind(Way way) {
    return switch (way) {
      case TDX_CONFIGFS, TDX_QUOTE_SERVICE -> PlatformKind.TDX;
      case GCP_TDX -> PlatformKind.GCP_TDX;
      case NITRO -> PlatformKind.NITRO;
      case SNP_CONFIGFS, SNP_DEVICE -> PlatformKind.SEV_SNP;
    };
  }

  /** A guest with its devices, in which the program runs. */
  private final class Guest implements AutoCloseable {
    private final TestServer server;
    private final GuestDevices devices;
    private final Path out = folder.resolve("app_keys.json");

    Guest(Way way) {
      this(way, server(kind(way)).host().enclave());
    }

    Guest(Way way, SimulatedGuest guest) {
      server = server(kind(way));
      devices = GuestDevices.of(doubles, way, guest, server.host().platform());
    }

    TestServer.Answer ask(TestServer server, String... more) {
      List<String> words = new ArrayList<>(server.words());
      words.addAll(devices.options());
      words.addAll(List.of("--root-ca", server.root()));
      words.addAll(List.of(more));
      return new TestServer.Answer(program.run(words));
    }

    TestServer.Answer refused() {
      return refused("60s");
    }

    private TestServer.Answer refused(String timeout, String... more) {
      List<String> words =
          new ArrayList<>(List.of("-o", out.toString(), "--json", "--timeout", timeout));
      words.addAll(List.of(more));
      TestServer.Answer answer = ask(server, words.toArray(String[]::new));
      assertThat(out).doesNotExist();
      return answer;
    }

    /**
     * What may get better is tried again until the time is over: a short time, unless this machine
     * is so busy that it is over before anybody was asked.
     */
    TestServer.Answer refusedAgain(String... more) {
      TestServer.Answer answer = refused("2s", more);
      return answer.run().out().contains("\"fetch-deadline\"") ? refused("30s", more) : answer;
    }

    @Override
    public void close() {
      devices.close();
    }
  }

  private TestServer server(PlatformKind kind) {
    TestServer server = servers.get(kind);
    if (server == null) {
      throw new AssertionError(kind);
    }
    return server;
  }

  private static Bytes flipped(Bytes raw, int at) {
    byte[] changed = raw.toArray();
    changed[at] ^= 1;
    return Bytes.of(changed);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void getsTheKeysThatTheAgentGetsAndNoOthers(Way way) {
    try (Guest guest = new Guest(way)) {
      TestServer server = guest.server;
      assertThat(guest.ask(server).json()).isEqualTo(server.get("--root-ca", server.root()).json());
      assertThat(guest.ask(server, "--k256-pubkey", server.k256()).json())
          .isEqualTo(server.get("--root-ca", server.root()).json());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void t02_sendsNothingWhenTheDeviceSpeaksOfOtherReportData(Way way) {
    try (Guest guest = new Guest(way)) {
      guest.devices.asking(data -> flipped(data, 63));
      TestServer.Answer answer = guest.refused();
      answer.refused(1, "device-wrong-report-data");
      assertThat(answer.error()).startsWith("this machine has no evidence");
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void getsNothingForEvidenceWhoseSignatureChangedOnTheWay(Way way) {
    try (Guest guest = new Guest(way)) {
      guest.devices.answering(raw -> flipped(raw, signature(way, raw)));
      TestServer.Answer answer = guest.refused();
      answer.refused(1, "fetch-refused-by-kms");
      assertThat(answer.error()).contains("the KMS refuses GetAppKeySealed").contains("ignature");
    }
  }

  /** A byte within the signature. */
  private static int signature(Way way, Bytes raw) {
    return switch (way) {
      case TDX_CONFIGFS, TDX_QUOTE_SERVICE, GCP_TDX -> 636 + 10;
      case NITRO -> raw.length() - 10;
      case SNP_CONFIGFS, SNP_DEVICE -> 0x2a0 + 10;
    };
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void getsNothingForEvidenceThatWasCutShort(Way way) {
    try (Guest guest = new Guest(way)) {
      guest.devices.answering(raw -> raw.slice(0, raw.length() / 2));
      TestServer.Answer answer = guest.refusedAgain();
      assertThat(answer.run().status()).as(answer.run().out()).isEqualTo(3);
      assertThat(answer.error()).contains("this machine has no evidence: ");
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void getsNothingFromAMachineUnderOtherRoots(Way way) {
    try (Guest guest = new Guest(way)) {
      guest.devices.answerAs(elsewhere.boot(guest.server.host().enclave().identity()));
      guest.refused().refused(1, "fetch-refused-by-kms");
    }
  }

  /** The server of another platform has the production roots of this one. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void productionRootsRefuseTheSameEvidence(Way way) {
    try (Guest guest = new Guest(way)) {
      TestServer twin =
          server(kind(way) == PlatformKind.NITRO ? PlatformKind.TDX : PlatformKind.NITRO);
      TestServer.Answer answer = guest.ask(twin, "-o", guest.out.toString(), "--json");
      answer.refused(1, "fetch-refused-by-kms");
      assertThat(answer.error()).doesNotContain("Boot denied");
      assertThat(guest.out).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TDX_CONFIGFS, configfs.mkdir.errno, 13, device-not-supported",
    "TDX_QUOTE_SERVICE, tdx_guest.errno, 16, device-report-failure",
    "NITRO, nsm.errno, 5, device-nsm-failure",
    "NITRO, nsm.open.errno, 1, device-failure",
    "SNP_CONFIGFS, configfs.mkdir.errno, 13, device-not-supported",
    "SNP_DEVICE, sev-guest.errno, 22, device-report-failure",
  })
  void saysWhichDeviceFailed(Way way, String control, int errno, String code) {
    try (Guest guest = new Guest(way)) {
      guest.devices.failing(control, errno);
      guest.refusedAgain().refused(3, code);
    }
  }

  @Test
  void getsNothingWithATpmWhoseRegisterKnowsMoreThanTheLog() {
    try (Guest guest = new Guest(Way.GCP_TDX)) {
      guest.devices.extendRuntimeRegister();
      guest.refusedAgain().refused(3, "tpm-registers-moved");
    }
  }

  @Test
  void getsNothingWithATpmThatAnotherMakerCertified() {
    try (Guest guest = new Guest(Way.GCP_TDX)) {
      guest.devices.certifyTpmBy(elsewhere, guest.server.host().platform());
      TestServer.Answer answer = guest.refused();
      answer.refused(1, "fetch-refused-by-kms");
      assertThat(answer.error()).contains("TPM");
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void getsNothingForAnImageThatIsNotRegistered(Way way) {
    DevHost host = server(kind(way)).host();
    SimulatedIdentity other =
        host.enclave().identity().change().osImageHash(Bytes.fromHex("5a".repeat(32))).done();
    try (Guest guest = new Guest(way, host.platform().boot(other))) {
      guest.refused().refused(1, "fetch-denied");
    }
  }

  /** A vsock port of the parent from which socat, as any parent would, passes every byte on. */
  @Test
  void reachesTheKmsThroughAVsockPortOfTheParentAndBelievesNobodyElseThere() throws Exception {
    try (Guest guest = new Guest(Way.NITRO)) {
      TestServer.Answer nobody = guest.refusedAgain("--vsock", "3:12001");
      nobody.refused(3, "client-unreachable");
      assertThat(nobody.error()).contains("cannot connect to vsock:3:12001");

      Process relay = relay(guest.server.port());
      try {
        assertThat(guest.ask(guest.server, "--vsock", "3:12001").json())
            .isEqualTo(guest.server.get("--root-ca", guest.server.root()).json());
      } finally {
        end(relay);
      }
      relay = relay(server(PlatformKind.TDX).port());
      try {
        guest.ask(guest.server, "--vsock", "3:12001", "--json").refused(1, "fetch-other-root-ca");
      } finally {
        end(relay);
      }
    }
  }

  private Process relay(int port) throws Exception {
    Path socket = doubles.resolve("3.12001");
    Process relay =
        new ProcessBuilder(
                Tool.require("socat").toString(),
                "UNIX-LISTEN:" + socket + ",fork,unlink-early",
                "TCP:127.0.0.1:" + port)
            .start();
    while (!Files.exists(socket)) {
      assertThat(relay.waitFor(5, TimeUnit.MILLISECONDS)).as("socat ended").isFalse();
    }
    return relay;
  }

  private void end(Process relay) throws Exception {
    relay.destroy();
    assertThat(relay.waitFor(20, TimeUnit.SECONDS)).isTrue();
    Files.deleteIfExists(doubles.resolve("3.12001"));
  }
}
