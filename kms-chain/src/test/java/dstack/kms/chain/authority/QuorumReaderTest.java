package dstack.kms.chain.authority;

import static dstack.kms.chain.authority.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.AppBootInfo;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.policy.Route;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.BlockTag;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two endpoints that agree and a third that takes the question and hangs. */
@Timeout(120)
final class QuorumReaderTest {
  private final List<RpcClient> clients = new ArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(2);
  private Lab lab;
  private FakeNode one;
  private FakeNode two;
  private ServerSocket third;

  @BeforeEach
  void start() throws IOException {
    lab = new Lab();
    one = lab.node();
    two = lab.node();
    third = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::hang);
    for (URI url : List.of(one.url(), two.url(), URI.create("http://127.0.0.1:" + port()))) {
      clients.add(new RpcClient(ChainEndpoint.of(RpcUrl.of(url.toString())), RpcLimits.DEFAULT));
    }
  }

  @AfterEach
  void stop() throws IOException {
    clients.forEach(RpcClient::close);
    third.close();
    one.close();
    two.close();
    lab.close();
  }

  private int port() {
    return third.getLocalPort();
  }

  /** Takes one connection and reads until its other end is closed. */
  private void hang() {
    try (Socket connection = third.accept()) {
      int first = connection.getInputStream().read();
      asked.countDown();
      for (int next = first; next >= 0; ) {
        next = connection.getInputStream().read();
      }
    } catch (IOException e) {
      // A reset is an end as well.
    }
    closed.countDown();
  }

  private void awaitAsked() throws IOException {
    try {
      asked.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void askingTheOneThatHangsEndsWithTheReading() throws Exception {
    one.follow(
        request -> {
          awaitAsked();
          return FakeNode.passingOnTo(lab.chain.url()).answer(request);
        });
    assertThat(read().chosen().verdict().allowed()).isTrue();
    closed.await();
  }

  @Test
  void askingEndsWithAReadingThatIsGivenUp() throws Exception {
    one.follow(_ -> one.hanging());
    FutureTask<PolicyFinding> reading = new FutureTask<>(this::read);
    Thread thread = Thread.ofVirtual().start(reading);
    asked.await();
    thread.interrupt();
    closed.await();
    until(reading::isDone);
    assertThat(reading.state()).isEqualTo(FutureTask.State.FAILED);
  }

  /** Whoever is silent may still object for half a second, whatever interrupts the waiting. */
  @Test
  void findsNothingWhenItIsInterruptedBeforeTheTimeForObjectionsIsOver() throws Exception {
    one.follow(thatSaysWhenItHasAnswered());
    two.follow(thatSaysWhenItHasAnswered());
    FutureTask<PolicyFinding> reading = new FutureTask<>(this::read);
    Thread thread = Thread.ofVirtual().start(reading);
    answered.await();
    long since = System.nanoTime();
    until(() -> System.nanoTime() - since > Duration.ofMillis(100).toNanos());
    thread.interrupt();
    try {
      reading.get();
      // The interrupt came late, on a machine that was busy.
      assertThat(System.nanoTime() - since).isGreaterThan(Duration.ofMillis(500).toNanos());
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              RefusalException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(DecisionRefusal.TOO_FEW));
    }
  }

  private FakeNode.Script thatSaysWhenItHasAnswered() {
    return request -> {
      FakeNode.Reply reply = FakeNode.passingOnTo(lab.chain.url()).answer(request);
      return exchange -> {
        reply.write(exchange);
        exchange.getResponseBody().close();
        answered.countDown();
      };
    };
  }

  private PolicyFinding read() {
    try (RpcClient client =
        new RpcClient(ChainEndpoint.of(RpcUrl.of(lab.chain.url().toString())), RpcLimits.DEFAULT)) {
      BlockHeader latest = client.ask(Eth.block(BlockTag.LATEST)).orElseThrow();
      PolicyQuestion question = new PolicyQuestion(Route.APP, AppBootInfo.of(lab.boot()));
      ContractReader contract = new ContractReader(lab.quorum(2).config());
      return new QuorumReader(contract, 2)
          .read(
              question, new ChainView(latest, latest, clients), Deadline.in(Duration.ofMinutes(5)));
    }
  }
}
