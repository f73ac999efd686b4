package dstack.kms.acceptance.fleet;

import dstack.kms.acceptance.ClientKey;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Enclaves that fetch their keys all the time, each time over a connection of its own. */
final class Load implements AutoCloseable {
  private static final String APP = "1111111111111111111111111111111111111111";
  private static final int ENCLAVES = 4;

  /**
   * One request: when it began and ended, by the clock of {@link System#nanoTime}, and what came of
   * it.
   */
  record Request(long began, long ended, String answer) {
    boolean failed() {
      return !answer.contains("\"k256_key\"");
    }

    boolean wasRunningAt(long moment) {
      return began <= moment && moment <= ended;
    }
  }

  private final String url;
  private final SSLContext tls;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final ExecutorService enclaves = Executors.newFixedThreadPool(ENCLAVES);
  private volatile boolean ending;

  Load(Host host, String url) {
    this.url = url;
    ClientKey key = new ClientKey(host.folder, "load");
    Path evidence = host.attest("load.evidence", key.reportData(), "--app-id", APP);
    tls = context(host.folder.resolve("load.p12"), key.key, key.selfIssued(evidence));
    for (int i = 0; i < ENCLAVES; i++) {
      var _ = enclaves.submit(this::fetchUntilTheEnd);
    }
  }

  /** All requests that have ended so far. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Waits until so many more have ended. */
  void awaitMore(int more) throws InterruptedException {
    int wanted = requests.size() + more;
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (requests.size() < wanted) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no load: " + requests.size() + " of " + wanted);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private void fetchUntilTheEnd() {
    while (!ending) {
      long began = System.nanoTime();
      String answer = fetch();
      requests.add(new Request(began, System.nanoTime(), answer));
    }
  }

  private String fetch() {
    try {
      HttpsURLConnection connection =
          (HttpsURLConnection) URI.create(url + "/prpc/GetAppKey?json").toURL().openConnection();
      connection.setSSLSocketFactory(tls.getSocketFactory());
      connection.setHostnameVerifier((_, _) -> true);
      connection.setRequestProperty("Connection", "close");
      connection.setConnectTimeout(20_000);
      connection.setReadTimeout(20_000);
      connection.setDoOutput(true);
      connection.getOutputStream().write("{\"api_version\":1}".getBytes(StandardCharsets.UTF_8));
      try (InputStream body = connection.getInputStream()) {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static SSLContext context(Path file, Path key, Path certificate) {
    Program.run(
            List.of(
                Tool.require("openssl").toString(),
                "pkcs12",
                "-export",
                "-inkey",
                key.toString(),
                "-in",
                certificate.toString(),
                "-passout",
                "pass:load",
                "-out",
                file.toString()))
        .success();
    try (InputStream content = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(content, "load".toCharArray());
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, "load".toCharArray());
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    ending = true;
    enclaves.close();
  }

  /** Who answers does not matter to this test. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
