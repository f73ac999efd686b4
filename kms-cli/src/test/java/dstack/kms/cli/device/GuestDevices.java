package dstack.kms.cli.device;

import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.Evidence;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.nitro.NsmExchange;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.testkit.DevicePipe;
import dstack.kms.testkit.FakeConfigfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The devices and files of a simulated guest, as the kernel would show them to a program in it. The
 * simulated platform signs what they answer; a test can have another guest answer, ask for other
 * report data, or change the answer.
 */
public final class GuestDevices implements AutoCloseable {
  /** How a guest gets its evidence. */
  public enum Way {
    TDX_CONFIGFS("tdx"),
    TDX_QUOTE_SERVICE("tdx"),
    GCP_TDX("gcp-tdx"),
    NITRO("nitro"),
    SNP_CONFIGFS("sev-snp"),
    SNP_DEVICE("sev-snp");

    private final String source;

    Way(String source) {
      this.source = source;
    }
  }

  private static final String VCEK = "63da758de6644564adc5f4b93be8accd";
  private static final String ASK = "4ab7b379bbac4fe4a02f05aef327c782";

  private final Path folder;
  private final Way way;
  private final Deque<Runnable> open = new ArrayDeque<>();
  private final Map<String, String> settings = new TreeMap<>();
  private Optional<GoogleTpm> software = Optional.empty();
  private volatile SimulatedGuest guest;
  private volatile UnaryOperator<Bytes> asked = UnaryOperator.identity();
  private volatile UnaryOperator<Bytes> answered = UnaryOperator.identity();

  private GuestDevices(Path folder, Way way, SimulatedGuest guest) {
    this.folder = folder;
    this.way = way;
    this.guest = guest;
  }

  /** The devices in that folder, whose path must be short. */
  public static GuestDevices of(
      Path folder, Way way, SimulatedGuest guest, SimulatedPlatform platform) {
    GuestDevices devices = new GuestDevices(folder, way, guest);
    try {
      devices.files();
      switch (way) {
        case TDX_CONFIGFS -> devices.configfs("tdx_guest");
        case TDX_QUOTE_SERVICE -> devices.quoteService();
        case GCP_TDX -> {
          devices.configfs("tdx_guest");
          devices.tpm(platform);
        }
        case NITRO -> devices.securityModule();
        case SNP_CONFIGFS -> devices.configfs("sev_guest");
        case SNP_DEVICE -> devices.secureProcessor();
      }
      return devices;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options that lead a program to them. */
  public List<String> options() {
    List<String> options = new ArrayList<>(List.of("--source", way.source));
    settings.forEach(
        (key, value) -> options.addAll(List.of("--set", "core.device." + key + "=" + value)));
    return options;
  }

  /** From now on this guest answers. */
  public void answerAs(SimulatedGuest other) {
    guest = other;
  }

  /** From now on what is asked for is changed on its way to the hardware. */
  public void asking(UnaryOperator<Bytes> change) {
    asked = change;
  }

  /** From now on the answer of the hardware is changed. */
  public void answering(UnaryOperator<Bytes> change) {
    answered = change;
  }

  /** Makes calls of that double fail, until it is 0. */
  public void failing(String control, int errno) {
    place(control, String.valueOf(errno));
  }

  /** The software TPM, of the way that has one. */
  GoogleTpm tpm() {
    return software.orElseThrow();
  }

  /** One more event in the TPM's runtime register than the guest knows of. */
  public void extendRuntimeRegister() {
    tpm().extend(14, Bytes.fromHex("5a".repeat(32)));
  }

  /** Has another maker certify the TPM's key. */
  public void certifyTpmBy(SimulatedPlatform other, SimulatedPlatform documents) {
    tpm().recertify(other.tpm(), documents.documents());
  }

  private void files() throws IOException {
    set("configfs", "configfs");
    set("tdx_guest", "tdx_guest");
    set("nsm", "nsm");
    set("sev_guest", "sev-guest");
    set("ccel", "ccel");
    set("runtime_events", "events.log");
    set("host_shared", "");
    set("qgs_config", "tdx-attest.conf");
    set("tpm_log", "tpm.log");
    settings.put("busy_pause", "1s");
    UnverifiedAttestation made = made(ReportData.ZERO);
    place(
        ".sys-config.json",
        JsonMapper.shared().writeValueAsString(Map.of("vm_config", guest.vmConfig())));
    StringBuilder lines = new StringBuilder();
    made.runtimeEvents().events().forEach(event -> lines.append(line(event)));
    place("events.log", lines.toString());
    TcgLog log = new TcgLog(TcgLog.SHA384);
    bootEvents(made.evidence())
        .forEach(
            event ->
                log.event(event.imr() + 1, event.eventType(), event.digest(), event.payload()));
    Files.write(folder.resolve("ccel"), log.bytes());
  }

  private static Stream<TdxEvent> bootEvents(Evidence evidence) {
    List<TdxEvent> all =
        switch (evidence) {
          case TdxEvidence tdx -> tdx.eventLog();
          case GcpTdxEvidence gcp -> gcp.eventLog();
          case NitroEnclaveEvidence _, NitroTpmEvidence _, SevSnpEvidence _ -> List.of();
        };
    return all.stream().filter(event -> event.runtimeEvent().isEmpty());
  }

  private static String line(RuntimeEvent event) {
    Map<String, Object> fields = new TreeMap<>();
    fields.put("event", event.name());
    fields.put("payload", Base64.getEncoder().encodeToString(event.payload().toArray()));
    return JsonMapper.shared().writeValueAsString(fields) + "\n";
  }

  private void set(String key, String file) {
    settings.put(key, folder.resolve(file).toString());
  }

  private void configfs(String provider) {
    place("configfs.provider", provider + "\n");
    FakeConfigfs files =
        new FakeConfigfs(folder.resolve("configfs"), data -> answer(Bytes.of(data)).toArray())
            .watch();
    open.push(files::close);
  }

  private void quoteService() {
    place("tdx_guest", "");
    place("tdx-attest.conf", "port = " + QuoteService.PORT + "\n");
    QuoteService service = new QuoteService(folder, this::answer);
    open.push(service::close);
  }

  private void securityModule() {
    place("nsm", "");
    DevicePipe device =
        new DevicePipe(
            folder.resolve("nsm.response"),
            folder.resolve("nsm.request"),
            request ->
                NsmExchange.answer(answer(NsmExchange.userData(Bytes.of(request)))).toArray());
    open.push(device::close);
  }

  private void secureProcessor() {
    place("sev-guest", "");
    place("sev.flip", "1"); // the double leaves the report as it is signed
    SevSnpEvidence evidence = (SevSnpEvidence) made(ReportData.ZERO).evidence();
    List<Bytes> chain = evidence.certChain();
    Bytes table = certificateTable(chain.get(0), chain.get(1));
    placeBytes("sev.certs", table);
    DevicePipe device =
        new DevicePipe(
            folder.resolve("sev.response"),
            folder.resolve("sev.request"),
            data -> secureProcessorAnswer(answer(Bytes.of(data))));
    open.push(device::close);
  }

  private static byte[] secureProcessorAnswer(Bytes report) {
    ByteBuffer response = ByteBuffer.allocate(4000).order(ByteOrder.LITTLE_ENDIAN);
    response.putInt(0).putInt(report.length());
    return response.position(32).put(report.toArray()).array();
  }

  /** GUID, offset and length of each certificate, a row of zeros, then the certificates. */
  private static Bytes certificateTable(Bytes ask, Bytes vcek) {
    ByteBuffer table =
        ByteBuffer.allocate(72 + ask.length() + vcek.length()).order(ByteOrder.LITTLE_ENDIAN);
    table.put(Bytes.fromHex(VCEK).toArray()).putInt(72).putInt(vcek.length());
    table.put(Bytes.fromHex(ASK).toArray()).putInt(72 + vcek.length()).putInt(ask.length());
    table.position(72).put(vcek.toArray()).put(ask.toArray());
    return Bytes.of(table.array());
  }

  private void tpm(SimulatedPlatform platform) {
    UnverifiedAttestation made = made(ReportData.ZERO);
    var events = ((GcpTdxEvidence) made.evidence()).tpmQuote().eventLog();
    TcgLog log = new TcgLog(TcgLog.SHA256);
    events.forEach(event -> log.event(event.pcrIndex(), 1, event.digest(), Bytes.EMPTY));
    placeBytes("tpm.log", Bytes.of(log.bytes()));
    RuntimeEvents runtime = made.runtimeEvents();
    GoogleTpm tpm = GoogleTpm.booted(platform.tpm(), platform.documents(), events, runtime);
    open.push(tpm::close);
    software = Optional.of(tpm);
    settings.put("tpm", tpm.address());
  }

  /** What the hardware says about this report data. */
  private Bytes answer(Bytes data) {
    Bytes raw =
        switch (made(new ReportData(asked.apply(data))).evidence()) {
          case TdxEvidence tdx -> tdx.quote();
          case GcpTdxEvidence gcp -> gcp.quote();
          case NitroEnclaveEvidence nitro -> nitro.nsmQuote();
          case SevSnpEvidence snp -> snp.report();
          case NitroTpmEvidence _ -> throw new AssertionError("no device of it here");
        };
    return answered.apply(raw);
  }

  private UnverifiedAttestation made(ReportData data) {
    return UnverifiedAttestation.decode(guest.attest(data));
  }

  private void place(String name, String text) {
    placeBytes(name, Bytes.utf8(text));
  }

  private void placeBytes(String name, Bytes content) {
    try {
      Files.write(folder.resolve(name), content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder is empty afterwards, but for what the program said. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().run();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(folder) && !each.endsWith(PreloadedProgram.SAID)) {
          Files.delete(each);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
