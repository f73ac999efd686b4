package dstack.kms.rpc.prpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.BodyLimits;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.RawClient;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.proto.AppId;
import dstack.kms.rpc.proto.BootstrapRequest;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import dstack.kms.rpc.proto.PublicKeyResponse;
import dstack.kms.rpc.proto.SignCertRequest;
import dstack.kms.rpc.proto.SignCertResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Specification 01 §1–§6 over real sockets, with curl where a user would use it. */
final class PrpcEndpointTest {
  private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    PrpcEndpoint endpoint =
        new PrpcEndpoint(
            service(),
            new BodyLimits(Map.of("getappkey", 64L, "signcert", 10L << 20))::of,
            (method, code) -> refused.add(method + " " + code.code()));
    server =
        HttpServer.start(
            Listener.plain(
                "test",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                (head, connection) ->
                    endpoint
                        .route(head)
                        .orElseGet(() -> new Route.Immediate(HttpReply.notFound()))));
  }

  private static RpcService service() {
    return new RpcService(
        "KMS",
        List.of(
            RpcMethod.of(
                "GetAppEnvEncryptPubKey",
                AppId.getDefaultInstance(),
                (call, id) ->
                    Answer.of(PublicKeyResponse.newBuilder().setPublicKey(id.getAppId()).build())),
            RpcMethod.of(
                "GetAppKey",
                GetAppKeyRequest.getDefaultInstance(),
                (call, request) -> {
                  throw new RefusalException(
                          RpcRefusal.BAD_INPUT, "No attestation provided", "operator only")
                      .within("App not allowed");
                }),
            RpcMethod.of(
                "GetTempCaCert",
                Empty.getDefaultInstance(),
                (call, nothing) ->
                    Answer.of(GetTempCaCertResponse.newBuilder().setTempCaCert("pem\n").build())),
            RpcMethod.of(
                    "SignCert",
                    SignCertRequest.getDefaultInstance(),
                    (call, request) -> Answer.of(SignCertResponse.getDefaultInstance()))
                .after(
                    call -> {
                      if (call.head().header("x-bad").isPresent()) {
                        throw new RefusalException(RpcRefusal.BAD_INPUT, "before the input");
                      }
                    }),
            RpcMethod.of(
                    "Bootstrap",
                    BootstrapRequest.getDefaultInstance(),
                    (call, request) -> Answer.EMPTY)
                .onlyByPost()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  private RawClient.Reply raw(String request) {
    try (RawClient client = new RawClient(server.port())) {
      return client.send(request).read();
    }
  }

  private RawClient.Reply post(String target, String headers, String body) {
    return raw(
        "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(target, body.length(), headers, body));
  }

  @ParameterizedTest
  @CsvSource({
    "/prpc/GetTempCaCert?json",
    "/prpc/KMS.GetTempCaCert?json",
    "/prpc/KMS.KMS.GetTempCaCert?json=1",
    "/prpc/%47etTempCaCert?json"
  })
  void answersBareAndPrefixedNamesToCurl(String path) {
    assertThat(Curl.run("-d", "{}", url(path)))
        .isEqualTo("{\"temp_ca_cert\":\"pem\\n\",\"temp_ca_key\":\"\",\"ca_cert\":\"\"}");
  }

  @Test
  void answersGetFromItsQueryString() {
    assertThat(Curl.run(url("/prpc/KMS.GetAppEnvEncryptPubKey?app_id=0xABcd")))
        .isEqualTo(
            "{\"public_key\":\"abcd\",\"signature\":\"\",\"timestamp\":0,\"signature_v1\":\"\"}");
  }

  @Test
  void answersProtobufToProtobuf() {
    RawClient.Reply reply = post("/prpc/GetAppEnvEncryptPubKey", "", "\n\u0002ab");
    assertThat(reply.header("content-type")).isEqualTo("application/octet-stream");
    assertThat(reply.body()).isEqualTo("\n\u0002ab");
  }

  @Test
  void takesTheMediaTypeWithParametersForJson() {
    RawClient.Reply reply =
        post(
            "/prpc/GetAppEnvEncryptPubKey",
            "Content-Type: Application/JSON; charset=utf-8\r\n",
            "{\"app_id\":\"ab\"}");
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    assertThat(reply.body()).startsWith("{\"public_key\":\"ab\"");
  }

  @Test
  void answersEmptyWithNullWhateverTheInputIs() {
    for (String body : List.of("", "null", "{}")) {
      RawClient.Reply reply = post("/prpc/GetTempCaCert?json", "", body);
      assertThat(reply.status()).isEqualTo(200);
    }
    assertThat(post("/prpc/Bootstrap?json", "", "{\"domain\":\"a\"}").body()).isEqualTo("null");
    assertThat(post("/prpc/Bootstrap", "", "").body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "/prpc/Onboard.Bootstrap?json|Onboard.Bootstrap",
        "/prpc/KMS.Nothing?json|Nothing",
        "/prpc/getappkey?json|getappkey",
        "/prpc/?json|''",
        "/prpc/KMS.?json|''",
        "/prpc/Get%2FAppKey?json|Get/AppKey",
        "/prpc/GetAppKey%00?json|GetAppKey\\u0000",
        "/prpc/%zz?json|%zz",
        "/prpc/..?json|..",
        "/prpc/GetAppKey%20?json|GetAppKey "
      },
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false)
  void refusesUnknownMethodsByName(String target, String name) {
    RawClient.Reply reply = post(target, "", "{}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body())
        .isEqualTo("{\n  \"error\": \"Service not found: %s\"\n}".formatted(name));
  }

  @ParameterizedTest
  @CsvSource({
    "/prpc",
    "/prpc/GetTempCaCert/",
    "/prpc/GetTempCaCert/x",
    "/prpc//GetTempCaCert",
    "//prpc/GetTempCaCert",
    "/PRPC/GetTempCaCert",
    "/prpc%2FGetTempCaCert",
    "/other",
    "*"
  })
  void answersEveryOtherPathWith404(String target) {
    assertThat(post(target, "", "").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "post", "get"})
  void answersOtherHttpMethodsWith404(String verb) {
    assertThat(raw(verb + " /prpc/GetTempCaCert?json HTTP/1.1\r\nHost: a\r\n\r\n").status())
        .isEqualTo(404);
  }

  @Test
  void writesErrorsInTheEncodingOfTheRequest() {
    String text = "App not allowed: No attestation provided";
    assertThat(post("/prpc/GetAppKey?json", "", "{}").body())
        .isEqualTo("{\n  \"error\": \"" + text + "\"\n}");
    RawClient.Reply protobuf = post("/prpc/GetAppKey", "", "");
    assertThat(protobuf.status()).isEqualTo(400);
    assertThat(protobuf.header("content-type")).isEqualTo("application/octet-stream");
    assertThat(protobuf.body()).isEqualTo("\n" + (char) text.length() + text);
    assertThat(raw("GET /prpc/GetAppKey HTTP/1.1\r\nHost: a\r\n\r\n").body()).contains(text);
    assertThat(refused).containsOnly("GetAppKey rpc-bad-input");
  }

  @Test
  void asksWhatMustHoldBeforeItParsesTheInput() {
    RawClient.Reply reply = post("/prpc/SignCert?json", "X-Bad: 1\r\n", "garbage");
    assertThat(reply.body()).contains("before the input");
    assertThat(post("/prpc/SignCert?json", "", "garbage").body()).contains("invalid input");
  }

  @Test
  void refusesToChangeStateByGet() {
    for (String verb : List.of("GET", "HEAD")) {
      try (RawClient client = new RawClient(server.port())) {
        client.send(verb + " /prpc/Bootstrap?domain=a HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.read(false).status()).isEqualTo(400);
      }
    }
    assertThat(refused).containsOnly("Bootstrap rpc-post-only");
  }

  @Test
  void readsExactlyTheConfiguredLimitAndRefusesOneByteMore() {
    String exact = "{\"vm_config\":\"" + "x".repeat(64 - 16) + "\"}";
    assertThat(Bytes.utf8(exact).length()).isEqualTo(64);
    assertThat(post("/prpc/KMS.GetAppKey?json", "", exact).body()).contains("No attestation");
    assertThat(post("/prpc/KMS.GetAppKey?json", "", exact + " ").body())
        .isEqualTo("{\n  \"error\": \"failed to read data: payload too large\"\n}");
  }

  @Test
  void grantsSignCertTenMebibytesAndOthersOne() {
    String head = "POST /prpc/%s?json HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n";
    for (String method : List.of("GetTempCaCert", "SignCert")) {
      int limit = method.equals("SignCert") ? 10 << 20 : 1 << 20;
      try (RawClient client = new RawClient(server.port())) {
        client.send(head.formatted(method, limit) + "{}" + " ".repeat(limit - 2));
        assertThat(client.read().status()).isEqualTo(200);
        client.send(head.formatted(method, limit + 1));
        assertThat(client.read().body()).contains("payload too large");
      }
    }
  }
}
