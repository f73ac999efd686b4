package dstack.kms.sim.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.agent.AgentAddress;
import dstack.kms.attest.agent.GuestAgentClient;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.testing.Program;
import dstack.kms.sim.testing.TestPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Driven with curl, as other programs drive it. */
final class AgentSocketTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String HEX = TestPlatform.REPORT_DATA.value().hex();

  @TempDir private Path folder;
  private SimulatedGuest guest;
  private AgentSocket socket;

  @BeforeEach
  void serve() throws IOException {
    guest = TestPlatform.in(folder).boot(SimulatedIdentity.standard());
    socket = AgentSocket.serve(path(), guest);
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  @Test
  void attestsOverThePostedReportData() {
    JsonNode answer = json(curl("/Attest?json", "-d", "{\"report_data\":\"" + HEX + "\"}"));
    assertThat(answer.propertyNames()).containsExactly("attestation");
    Bytes attestation = Bytes.fromHex(answer.get("attestation").stringValue());
    assertThat(attestation.slice(0, 2).hex()).isEqualTo("0000");
    assertThat(attestation.hex()).contains(HEX);
  }

  @ParameterizedTest
  @CsvSource({"0x,", "'',extra", "0x0x,"})
  void acceptsPrefixesAndUnknownFields(String prefix, String unknown) {
    String body = "{\"report_data\":\"" + prefix + HEX + "\",\"x" + unknown + "\":[1]}";
    assertThat(json(curl("/Attest?json", "-d", body)).has("attestation")).isTrue();
  }

  @Test
  void attestsOverTheReportDataOfAQuery() {
    JsonNode answer = json(curl("/Attest?report_data=" + HEX));
    assertThat(answer.get("attestation").stringValue()).contains(HEX);
  }

  @Test
  void takesJsonByContentTypeToo() {
    String body = "{\"report_data\":\"" + HEX + "\"}";
    String type = "Content-Type: application/json; charset=utf-8";
    assertThat(json(curl("/GetQuote", "-H", type, "-d", body)).get("report_data").stringValue())
        .isEqualTo(HEX);
  }

  @Test
  void padsShortReportDataWithZeros() {
    JsonNode answer = json(curl("/GetQuote?json", "-d", "{\"report_data\":\"abcd\"}"));
    String padded = "abcd" + "0".repeat(124);
    assertThat(answer.get("report_data").stringValue()).isEqualTo(padded);
    assertThat(answer.get("quote").stringValue().substring(1136, 1264)).isEqualTo(padded);
  }

  @Test
  void quoteComesWithTheLogAndTheConfiguration() {
    JsonNode answer = json(curl("/GetQuote?json", "-d", "{}"));
    assertThat(answer.propertyNames())
        .containsExactly("quote", "event_log", "report_data", "vm_config");
    JsonNode log = JSON.readTree(answer.get("event_log").stringValue());
    assertThat(log.get(0).propertyNames())
        .containsExactly("imr", "event_type", "digest", "event", "event_payload");
    assertThat(JSON.readTree(answer.get("vm_config").stringValue()).has("os_image_hash")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "", "garbage"})
  void infoDoesNotLookAtItsBody(String body) {
    JsonNode answer = json(curl("/Info?json", "-d", body));
    assertThat(answer.propertyNames())
        .containsExactly(
            "app_id",
            "instance_id",
            "app_cert",
            "tcb_info",
            "app_name",
            "device_id",
            "mr_aggregated",
            "os_image_hash",
            "key_provider_info",
            "compose_hash",
            "vm_config",
            "cloud_vendor",
            "cloud_product");
    assertThat(answer.get("vm_config").stringValue()).isEqualTo(guest.vmConfig());
    assertThat(answer.get("device_id").stringValue())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void answersInProtobufWhereJsonIsNotAskedFor() throws IOException {
    Path request = folder.resolve("request.bin");
    byte[] message =
        Bytes.concat(Bytes.fromHex("0a40"), TestPlatform.REPORT_DATA.value()).toArray();
    Files.write(request, message);
    Path answer = folder.resolve("answer.bin");
    curl("/Attest", "--data-binary", "@" + request, "-o", answer.toString());
    Bytes proto = Bytes.of(Files.readAllBytes(answer));
    int length = (proto.at(1) & 0x7f) + (proto.at(2) << 7);
    assertThat(proto.at(0)).isEqualTo(0x0a);
    assertThat(proto.length()).isEqualTo(3 + length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/Attest?json|{\"report_data\":\"xy\"}|report_data is no string of hex digits",
        "/Attest?json|{\"report_data\":\"abc\"}|report_data is no string of hex digits",
        "/Attest?json|{\"report_data\":null}|report_data is to be a string of hex digits",
        "/Attest?json|[]|report_data is to be a string of hex digits",
        "/Nothing?json|{}|Service not found: Nothing",
        "/EmitEvent?json|{}|Service not found: EmitEvent",
      })
  void refusesWith400AndText(String target, String body, String text) {
    String answer = curl(target, "-w", "%{http_code}", "-d", body);
    assertThat(answer).isEqualTo("{\n  \"error\": \"" + text + "\"\n}400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"report_data\":\"aa\",\"report_data\":\"bb\"}", "{} {}", "{", "not json"})
  void refusesMalformedJson(String body) {
    assertThat(curl("/Attest?json", "-w", "%{http_code}", "-d", body))
        .startsWith("{\n  \"error\": \"malformed JSON: ")
        .endsWith("400");
  }

  @Test
  void refuses65BytesOfReportData() {
    String body = "{\"report_data\":\"" + HEX + "00\"}";
    assertThat(curl("/Attest?json", "-d", body))
        .isEqualTo("{\n  \"error\": \"Report data is too long\"\n}");
  }

  @ParameterizedTest
  @CsvSource({"/prpc/Attest,404", "/,400", "/Attest/,404"})
  void refusesOtherPaths(String target, String status) {
    assertThat(curl(target + "?json", "-d", "{}", "-w", "%{http_code}")).endsWith(status);
  }

  @Test
  void refusesOtherMethods() {
    assertThat(curl("/Info", "-X", "DELETE", "-w", "%{http_code}")).endsWith("404");
  }

  @Test
  void keepsTheConnectionForTheNextRequest() throws IOException {
    String request = "GET /Version HTTP/1.1\r\nhost: x\r\n\r\n";
    String last = "GET /Version HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    String answers = exchange(request + request + last);
    assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
  }

  @Test
  void readsAChunkedBody() throws IOException {
    String head = "POST /GetQuote?json HTTP/1.1~Transfer-Encoding: chunked~Connection: close~~";
    String chunks = "10;x=y~{'report_data':'~4~abcd~2~'}~0~~";
    String request = (head + chunks).replace("~", "\r\n").replace('\'', '"');
    assertThat(exchange(request)).contains("\"report_data\":\"abcd00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense\\r\\n\\r\\n|400",
        "GET /Info HTTP/2\\r\\n\\r\\n|400",
        "POST /Info HTTP/1.1\\r"
            + "\\n"
            + "content-length: 1\\r"
            + "\\n"
            + "transfer-encoding: chunked\\r"
            + "\\n"
            + "\\r"
            + "\\n"
            + "|400",
        "POST /Info HTTP/1.1\\r\\ncontent-length: 1\\r\\ncontent-length: 2\\r\\n\\r\\n|400",
        "POST /Info HTTP/1.1\\r\\ncontent-length: -1\\r\\n\\r\\n|400",
        "POST /Info HTTP/1.1\\r\\ncontent-length: 9999999\\r\\n\\r\\n|413",
        "POST /Info HTTP/1.1\\r\\ntransfer-encoding: chunked\\r\\n\\r\\nfffffff\\r\\n|413",
        "POST /Info HTTP/1.1\\r\\nno colon\\r\\n\\r\\n|400",
      })
  void refusesBadFramingAndCloses(String request, String status) throws IOException {
    String answer = exchange(request.replace("\\r\\n", "\r\n"));
    assertThat(answer).startsWith("HTTP/1.1 " + status).contains("connection: close");
  }

  @Test
  void refusesAnEndlessLineWithoutKeepingIt() throws IOException {
    assertThat(exchange("GET /" + "a".repeat(9000))).startsWith("HTTP/1.1 431");
  }

  @Test
  void refusesTooManyHeaders() throws IOException {
    String request = "GET /Info HTTP/1.1\r\n" + "a: b\r\n".repeat(70) + "\r\n";
    assertThat(exchange(request)).startsWith("HTTP/1.1 431");
  }

  @Test
  void answersManyConnectionsAtOnce() throws IOException {
    List<SocketChannel> idle = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      idle.add(SocketChannel.open(UnixDomainSocketAddress.of(path())));
    }
    assertThat(json(curl("/Version?json", "-d", "")).get("rev").stringValue())
        .isEqualTo("simulated");
    for (SocketChannel each : idle) {
      each.close();
    }
  }

  @Test
  void closingEndsOpenConnectionsAndRemovesTheSocket() throws IOException {
    try (SocketChannel idle = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
      assertThat(json(curl("/Version?json", "-d", ""))).isNotEmpty();
      socket.close();
      assertThat(idle.read(ByteBuffer.allocate(1))).isNegative();
    }
    assertThat(Files.exists(path())).isFalse();
  }

  @Test
  void refusesThePathOfASocketThatAnswers() {
    assertThatThrownBy(() -> AgentSocket.serve(path(), guest))
        .isInstanceOf(IOException.class)
        .hasMessage(path() + " is in use");
  }

  @Test
  void refusesThePathOfAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "precious");
    assertThatThrownBy(() -> AgentSocket.serve(file, guest)).isInstanceOf(IOException.class);
    assertThat(Files.readString(file)).isEqualTo("precious");
  }

  @Test
  void refusesAPathThatIsTooLong() {
    Path tooLong = folder.resolve("a".repeat(120));
    assertThatThrownBy(() -> AgentSocket.serve(tooLong, guest))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot listen at ");
  }

  @Test
  void takesOverTheSocketOfAKilledProcess() throws IOException {
    Path abandoned = folder.resolve("abandoned.sock");
    var listener = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(abandoned));
    listener.close();
    assertThat(Files.exists(abandoned)).isTrue();
    try (AgentSocket again = AgentSocket.serve(abandoned, guest)) {
      assertThat(again.address()).isEqualTo("unix:" + abandoned.toAbsolutePath());
    }
  }

  @Test
  void productsOwnClientUnderstandsTheAnswers() {
    GuestAgentClient client =
        new GuestAgentClient(
            AgentAddress.parse(socket.address()), Duration.ofSeconds(5), Duration.ofSeconds(10));
    assertThat(client.attest(TestPlatform.REPORT_DATA).hex()).contains(HEX);
    assertThat(client.vmConfig()).isEqualTo(guest.vmConfig());
  }

  @Test
  void guestIsAQuoteSourceItself() {
    assertThat(guest.attest(ReportData.ZERO).slice(0, 2).hex()).isEqualTo("0000");
  }

  private Path path() {
    return folder.resolve("agent.sock");
  }

  private String curl(String target, String... arguments) {
    List<String> all = new ArrayList<>(List.of("-sS", "--max-time", "10"));
    all.addAll(List.of("--unix-socket", path().toString()));
    all.addAll(Arrays.asList(arguments));
    all.add("http://localhost" + target);
    return Program.run("curl", all.toArray(String[]::new)).output();
  }

  private String exchange(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      InputStream answer = Channels.newInputStream(channel);
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }
}
