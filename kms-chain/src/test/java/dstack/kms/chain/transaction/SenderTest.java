package dstack.kms.chain.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.KmsFunctions;
import dstack.kms.chain.calldata.OwnerFunctions;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.signing.Fees;
import dstack.kms.chain.signing.KeySigner;
import dstack.kms.chain.signing.SignedTransaction;
import dstack.kms.chain.signing.Transactions;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions on a real chain, also through endpoints that lag, lie or fall silent. */
final class SenderTest {
  private static TestChain chain;
  private static Deployment kms;
  private static KeySigner owner;

  @BeforeAll
  static void start() {
    chain = TestChain.start();
    kms = Deployment.on(chain);
    owner = Transactions.first();
  }

  @AfterAll
  static void stop() {
    owner.close();
    chain.close();
  }

  private static Request addImage(int image) {
    return Request.of(
        KmsFunctions.ADD_OS_IMAGE.on(kms.kms(), AbiValue.of(Word.of(BigInteger.valueOf(image)))));
  }

  private static boolean isAllowed(int image) {
    return kms.read(kms.kms(), "allowedOsImages(bytes32)", Word.of(BigInteger.valueOf(image)))
        .flag(0);
  }

  @Test
  void sendsAndConfirms() {
    Receipt receipt = TestSenders.sender(chain.url(), owner).send(addImage(1));

    assertThat(receipt.succeeded()).isTrue();
    assertThat(receipt.logs()).isNotEmpty();
    assertThat(receipt.cost()).isPositive();
    assertThat(isAllowed(1)).isTrue();
  }

  @Test
  void usesMethodsOfTheEthNamespaceOnly() {
    try (FakeNode node = FakeNode.before(chain.url())) {
      TestSenders.sender(node.url(), owner).send(addImage(2));

      assertThat(node.requests()).allMatch(request -> request.contains("\"method\":\"eth_"));
    }
  }

  @Test
  void paysOnePriceWhereBlocksHaveNoBaseFee() {
    try (FakeNode node =
        new FakeNode(
            request ->
                request.contains("eth_feeHistory")
                    ? FakeNode.Reply.of(error(request, -32601, "Method not found"))
                    : FakeNode.passingOnTo(chain.url()).answer(request))) {
      List<SignedTransaction> sent = new ArrayList<>();
      new Sender(TestSenders.endpoint(node.url()), owner, TestSenders.EAGER, _ -> {}, sent::add)
          .send(addImage(3));

      assertThat(sent)
          .singleElement()
          .satisfies(signed -> assertThat(signed.content().fees()).isInstanceOf(Fees.Legacy.class));
      assertThat(isAllowed(3)).isTrue();
    }
  }

  /** The endpoint goes on counting from before until it was asked often enough. */
  @Test
  void goesOnAtTheNextPlaceOnceTheEndpointCountsAMinedOneAtTheFirst() {
    String stale =
        Long.toHexString(TestSenders.endpoint(chain.url()).pendingNonce(owner.account()));
    AtomicInteger asked = new AtomicInteger();
    List<SignedTransaction> sent = new ArrayList<>();
    try (FakeNode node =
        new FakeNode(
            request ->
                request.contains("eth_getTransactionCount") && asked.incrementAndGet() <= 3
                    ? FakeNode.Reply.of(result(request, "\"0x" + stale + "\""))
                    : FakeNode.passingOnTo(chain.url()).answer(request))) {
      TestSenders.sender(chain.url(), owner).send(addImage(4));
      TestSenders.sender(chain.url(), owner).send(addImage(5));
      new Sender(TestSenders.endpoint(node.url()), owner, TestSenders.EAGER, _ -> {}, sent::add)
          .send(addImage(6));

      assertThat(IntStream.rangeClosed(4, 6).allMatch(SenderTest::isAllowed)).isTrue();
      assertThat(sent)
          .extracting(each -> Long.toHexString(each.content().nonce()))
          .startsWith(stale, stale, stale);
    }
  }

  /** Each signature at another place could take effect as well: an endpoint might gather them. */
  @Test
  void signsForNoOtherPlaceWhileNoBlockHasOneAtTheFirst() {
    List<SignedTransaction> sent = new ArrayList<>();
    try (FakeNode node = refusing("nonce too low")) {
      Sender sender =
          new Sender(
              TestSenders.endpoint(node.url()), owner, TestSenders.EAGER, _ -> {}, sent::add);

      assertThatThrownBy(() -> sender.send(addImage(8)))
          .hasMessageContaining("valid until others take their places")
          .hasMessageContaining(sent.isEmpty() ? "0x" : sent.getLast().hash().text());
      assertThat(sent).hasSize(TestSenders.EAGER.tries());
      assertThat(sent)
          .extracting(each -> each.content().nonce())
          .containsOnly(sent.getFirst().content().nonce());
    }
  }

  @Test
  void refusesAnEndpointThatNamesAnotherChainThanBefore() {
    AtomicInteger asked = new AtomicInteger();
    try (FakeNode node =
        new FakeNode(
            request ->
                request.contains("eth_chainId") && asked.incrementAndGet() > 1
                    ? FakeNode.Reply.of(result(request, "\"0x1\""))
                    : FakeNode.passingOnTo(chain.url()).answer(request))) {
      Sender sender = TestSenders.sender(node.url(), owner);

      assertThatThrownBy(() -> sender.send(addImage(12)))
          .hasMessageContaining("serves chain 1, not chain 31337");
      assertThat(node.requests()).noneMatch(request -> request.contains("eth_sendRaw"));
    }
  }

  @Test
  void refusesAnEndpointOfAnotherChainThanIsWanted() {
    assertThatThrownBy(() -> TestSenders.endpoint(chain.url()).requireChainId(84532))
        .hasMessageContaining("serves chain 31337, not chain 84532");
  }

  @ParameterizedTest
  @CsvSource({
    "eth_estimateGas, '\"0x7fffffffffffffff\"', needs 9223372036854775807 gas",
    "eth_estimateGas, '\"0x1000001\"', needs 16777217 gas",
    "eth_estimateGas, '\"0xf00000\"', --max-cost",
    "eth_feeHistory, '{\"baseFeePerGas\":[\"0xe8d4a51000\"],\"reward\":[[\"0x1\"]]}', --max-cost",
    "eth_feeHistory, '{\"baseFeePerGas\":[\"0x1\"],\"reward\":[[\"0xba43b7401\"]]}', a tip of"
  })
  void signsNothingForFeesAndGasBeyondWhatWasAgreedTo(String method, String lie, String words) {
    List<SignedTransaction> sent = new ArrayList<>();
    try (FakeNode node =
        new FakeNode(
            request ->
                request.contains(method)
                    ? FakeNode.Reply.of(result(request, lie))
                    : FakeNode.passingOnTo(chain.url()).answer(request))) {
      Budget budget = new Budget(BigInteger.TEN.pow(15));
      Sender sender =
          new Sender(
              TestSenders.endpoint(node.url()),
              owner,
              TestSenders.EAGER,
              _ -> {},
              sent::add,
              budget);

      assertThatThrownBy(() -> sender.limitTo(List.of(addImage(13)))).hasMessageContaining(words);
      assertThatThrownBy(() -> sender.send(addImage(13)))
          .hasMessageContaining(words)
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(TransactionRefusal.COST);
      assertThat(sent).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"0xe8d4a51001, a price of 1000000000001 wei", "0xe8d4a51000, --max-cost"})
  void signsNothingForAPriceThatNoChainWithoutABaseFeeTakes(String price, String words) {
    try (FakeNode node =
        new FakeNode(
            request -> {
              if (request.contains("eth_feeHistory")) {
                return FakeNode.Reply.of(error(request, -32601, "Method not found"));
              }
              return request.contains("eth_gasPrice")
                  ? FakeNode.Reply.of(result(request, "\"" + price + "\""))
                  : FakeNode.passingOnTo(chain.url()).answer(request);
            })) {
      Sender sender =
          new Sender(
              TestSenders.endpoint(node.url()),
              owner,
              TestSenders.EAGER,
              _ -> {},
              _ -> {},
              new Budget(BigInteger.TEN.pow(15)));

      assertThatThrownBy(() -> sender.send(addImage(15)))
          .hasMessageContaining(words)
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(TransactionRefusal.COST);
      assertThat(node.requests()).noneMatch(request -> request.contains("eth_sendRaw"));
    }
  }

  /** The endpoint names a price, and a hundred times as much once somebody agreed to it. */
  @Test
  void refusesALaterDraftThatCostsMoreThanWasShown() {
    AtomicInteger asked = new AtomicInteger();
    try (FakeNode node =
        new FakeNode(
            request ->
                request.contains("eth_feeHistory")
                    ? FakeNode.Reply.of(
                        result(
                            request,
                            "{\"baseFeePerGas\":[\""
                                + (asked.incrementAndGet() == 1 ? "0x77359400" : "0x2e90edd000")
                                + "\"],\"reward\":[[\"0x1\"]]}"))
                    : FakeNode.passingOnTo(chain.url()).answer(request))) {
      Sender sender = TestSenders.sender(node.url(), owner);
      BigInteger shown = sender.limitTo(List.of(addImage(14)));

      assertThat(shown).isPositive().isLessThan(Budget.USUAL);
      assertThatThrownBy(() -> sender.send(addImage(14)))
          .hasMessageContaining(Ether.text(shown) + " was agreed to");
      assertThat(node.requests()).noneMatch(request -> request.contains("eth_sendRaw"));
    }
  }

  @Test
  void takesTheTransactionsOfACommandTogether() {
    Sender sender =
        new Sender(
            TestSenders.endpoint(chain.url()),
            owner,
            TestSenders.EAGER,
            _ -> {},
            _ -> {},
            new Budget(BigInteger.TEN.pow(15)));
    Request half =
        new Request(
            Optional.of(chain.account(3)), BigInteger.TEN.pow(15).shiftRight(1), Bytes.EMPTY);
    sender.send(half);

    assertThatThrownBy(() -> sender.send(half)).hasMessageContaining("--max-cost");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonce too low",
        "replacement transaction underpriced",
        "max fee per gas less than block base fee",
        "transaction underpriced",
      })
  void triesAgainWhenThePlaceIsTakenOrTheFeeTooLow(String message) {
    AtomicInteger sends = new AtomicInteger();
    int image = (message.hashCode() & 0xffff) | 0x10000;
    try (FakeNode node =
        new FakeNode(
            request -> {
              boolean first =
                  request.contains("eth_sendRawTransaction") && sends.incrementAndGet() == 1;
              if (!first) {
                return FakeNode.passingOnTo(chain.url()).answer(request);
              }
              if (message.startsWith("nonce") || message.startsWith("replacement")) {
                TestSenders.sender(chain.url(), owner).send(addImage(image + 0x100000));
              }
              return FakeNode.Reply.of(error(request, -32000, message));
            })) {
      TestSenders.sender(node.url(), owner).send(addImage(image));

      assertThat(isAllowed(image)).isTrue();
      assertThat(sends).hasValue(2);
    }
  }

  @Test
  void givesUpWhenTheEndpointNeverTakesIt() {
    try (FakeNode node = refusing("nonce too low")) {
      assertThatThrownBy(() -> TestSenders.sender(node.url(), owner).send(addImage(8)))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("did not take the transaction", "nonce too low")
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(TransactionRefusal.NOT_SENT);
    }
  }

  @Test
  void refusesAtOnceWhenTheEndpointRefusesForAnotherReason() {
    try (FakeNode node = refusing("rejected by policy")) {
      assertThatThrownBy(() -> TestSenders.sender(node.url(), owner).send(addImage(8)))
          .hasMessageContaining("rejected by policy");
      assertThat(node.requests().stream().filter(each -> each.contains("eth_sendRaw"))).hasSize(1);
    }
  }

  @Test
  void takesAlreadyKnownForSent() {
    try (FakeNode node =
        new FakeNode(
            request -> {
              String answer = FakeNode.ask(chain.url(), request);
              return FakeNode.Reply.of(
                  request.contains("eth_sendRawTransaction")
                      ? error(request, -32000, "already known")
                      : answer);
            })) {
      TestSenders.sender(node.url(), owner).send(addImage(9));

      assertThat(isAllowed(9)).isTrue();
    }
  }

  /** The answer to the first send is lost on the way, so nobody knows whether it arrived. */
  @Test
  void sendsTheSameBytesAgainWhenTheAnswerIsLost() {
    AtomicInteger sends = new AtomicInteger();
    List<String> raws = new ArrayList<>();
    try (FakeNode node =
        new FakeNode(
            request -> {
              String answer = FakeNode.ask(chain.url(), request);
              if (request.contains("eth_sendRawTransaction")) {
                raws.add(request.replaceAll(".*\"params\":", ""));
                return sends.incrementAndGet() == 1
                    ? FakeNode.Reply.of(502, "bad gateway")
                    : FakeNode.Reply.of(answer);
              }
              return FakeNode.Reply.of(answer);
            })) {
      TestSenders.sender(node.url(), owner).send(addImage(10));

      assertThat(isAllowed(10)).isTrue();
      assertThat(raws).hasSize(2).containsOnly(raws.getFirst());
    }
  }

  @Test
  void saysHowToGoOnWhenNoBlockHasItInTime() {
    try (TestChain idle = TestChain.start("--no-mining");
        KeySigner signer = Transactions.first()) {
      Sender sender = TestSenders.sender(idle.url(), signer);
      Request request = pay(idle, 1);

      assertThatThrownBy(() -> sender.send(request))
          .hasMessageContaining("whether it takes effect is open", "--resume 0x")
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(TransactionRefusal.PENDING);
    }
  }

  @Test
  void resumesTransactionThatWaits() {
    try (TestChain idle = TestChain.start("--no-mining");
        KeySigner signer = Transactions.first()) {
      Word hash = stuck(idle, signer, pay(idle, 1));
      Sender sender =
          new Sender(
              TestSenders.endpoint(idle.url()),
              signer,
              TestSenders.EAGER,
              _ -> idle.rpc("evm_mine"),
              _ -> {});

      Receipt receipt = sender.resume(hash, pay(idle, 1), false);
      assertThat(receipt.hash()).isEqualTo(hash);
    }
  }

  @Test
  void replacesTransactionThatPaysTooLittle() {
    try (TestChain idle = TestChain.start("--no-mining");
        KeySigner signer = Transactions.first()) {
      Word hash = stuck(idle, signer, pay(idle, 1));
      List<SignedTransaction> sent = new ArrayList<>();
      Sender sender =
          new Sender(
              TestSenders.endpoint(idle.url()),
              signer,
              TestSenders.EAGER,
              _ -> idle.rpc("evm_mine"),
              sent::add);

      Receipt receipt = sender.resume(hash, pay(idle, 1), true);
      assertThat(sent).hasSize(1);
      assertThat(receipt.hash()).isEqualTo(sent.getFirst().hash()).isNotEqualTo(hash);
      assertThat(TestSenders.endpoint(idle.url()).minedNonce(signer.account())).isEqualTo(1);
    }
  }

  @Test
  void refusesToResumeTransactionThatDoesSomethingElse() {
    try (TestChain idle = TestChain.start("--no-mining");
        KeySigner signer = Transactions.first()) {
      Word hash = stuck(idle, signer, pay(idle, 1));

      assertThatThrownBy(
              () -> TestSenders.sender(idle.url(), signer).resume(hash, pay(idle, 2), false))
          .hasMessageContaining("does something else");
      assertThatThrownBy(
              () ->
                  TestSenders.sender(idle.url(), signer)
                      .resume(Word.parse("00".repeat(31) + "01"), pay(idle, 1), false))
          .hasMessageContaining("does not know the transaction");
    }
  }

  @Test
  void waitsForAsManyConfirmationsAsAsked() {
    try (TestChain own = TestChain.start();
        KeySigner signer = Transactions.first()) {
      AtomicInteger blocks = new AtomicInteger();
      Patience deep =
          new Patience(3, 50, TestSenders.EAGER.between(), 5, TestSenders.EAGER.backOff());
      Sender sender =
          new Sender(
              TestSenders.endpoint(own.url()),
              signer,
              deep,
              _ -> {
                blocks.incrementAndGet();
                own.rpc("evm_mine");
              },
              _ -> {});

      sender.send(pay(own, 1));
      assertThat(blocks).hasValue(2);
    }
  }

  @Test
  void refusesWhatWouldFailWithoutSending() {
    try (FakeNode node = FakeNode.before(chain.url());
        KeySigner stranger =
            Transactions.signer(
                "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")) {
      assertThatThrownBy(() -> TestSenders.sender(node.url(), stranger).send(addImage(11)))
          .hasMessageContaining(
              "0x70997970C51812dc3A010C7d01b50e0d17dc79C8 is not the owner of the contract");
      assertThat(node.requests()).noneMatch(request -> request.contains("eth_sendRaw"));
    }
  }

  @Test
  void refusesWhenTheAccountCannotPay() {
    try (FakeNode node = FakeNode.before(chain.url());
        KeySigner poor = Transactions.signer("0x" + "00".repeat(31) + "07")) {
      Request registration =
          Request.of(KmsFunctions.REGISTER_APP.on(kms.kms(), AbiValue.of(chain.account(5))));
      assertThatThrownBy(() -> TestSenders.sender(node.url(), poor).send(registration))
          .isInstanceOf(RefusalException.class)
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(TransactionRefusal.BALANCE);
      assertThat(node.requests()).noneMatch(request -> request.contains("eth_sendRaw"));
    }
  }

  /** Planned when the account was the owner, mined when it was not any more. */
  @Test
  void saysWhyTransactionFailedThatDidNotFailWhenItWasPlanned() {
    try (TestChain own = TestChain.start();
        KeySigner signer = Transactions.first()) {
      Deployment contracts = Deployment.on(own);
      own.send(
          own.account(0), contracts.kms(), OwnerFunctions.TRANSFER_OWNERSHIP.encode(heir(own)));
      own.rpc("evm_setAutomine", false);
      Request late =
          Request.of(
              KmsFunctions.ADD_OS_IMAGE.on(contracts.kms(), AbiValue.of(Word.of(BigInteger.ONE))));
      Word hash = stuck(own, signer, late);
      own.rpc("eth_sendTransaction", acceptance(own, contracts.kms()));
      own.rpc("evm_mine");

      assertThatThrownBy(() -> TestSenders.sender(own.url(), signer).resume(hash, late, false))
          .hasMessageContaining("failed", "is not the owner of the contract")
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(TransactionRefusal.REVERTED);
    }
  }

  private static AbiValue heir(TestChain own) {
    return AbiValue.of(own.account(1));
  }

  /** Pays so much that it is mined before everything else. */
  private static Map<String, Object> acceptance(TestChain own, Address kms) {
    return Map.of(
        "from",
        own.account(1).lowerCase(),
        "to",
        kms.lowerCase(),
        "gasPrice",
        "0x2540be40000",
        "data",
        "0x79ba5097");
  }

  @Test
  void givesEachOfManyThreadsAPlaceOfItsOwn() throws Exception {
    Sender sender = TestSenders.sender(chain.url(), owner);

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Receipt> receipt :
          IntStream.range(200, 206)
              .mapToObj(image -> threads.submit(() -> sender.send(addImage(image))))
              .toList()) {
        assertThat(receipt.get().succeeded()).isTrue();
      }
    }

    assertThat(IntStream.range(200, 206).allMatch(SenderTest::isAllowed)).isTrue();
  }

  @Test
  void refusesKnownKeyOnARealChain() {
    try (TestChain real = TestChain.start("--chain-id", "84532");
        KeySigner signer = Transactions.first()) {
      assertThatThrownBy(() -> TestSenders.sender(real.url(), signer))
          .hasMessageContaining("printed in public documents");
    }
  }

  private static FakeNode refusing(String message) {
    return new FakeNode(
        request ->
            request.contains("eth_sendRawTransaction")
                ? FakeNode.Reply.of(error(request, -32000, message))
                : FakeNode.passingOnTo(chain.url()).answer(request));
  }

  private static Request pay(TestChain to, int wei) {
    return new Request(Optional.of(to.account(3)), BigInteger.valueOf(wei), Bytes.EMPTY);
  }

  /** Sends without a block that would take it; returns its hash. */
  private static Word stuck(TestChain idle, KeySigner signer, Request request) {
    List<SignedTransaction> sent = new ArrayList<>();
    Endpoint endpoint = TestSenders.endpoint(idle.url());
    Patience none = new Patience(1, 1, TestSenders.EAGER.between(), 1, TestSenders.EAGER.backOff());
    Sender sender = new Sender(endpoint, signer, none, _ -> {}, sent::add);
    assertThatThrownBy(() -> sender.send(request)).hasMessageContaining("--resume");
    return sent.getLast().hash();
  }

  private static String result(String request, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id(request) + ",\"result\":" + result + "}";
  }

  private static String error(String request, int code, String message) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"%s\"}}"
        .formatted(id(request), code, message);
  }

  private static String id(String request) {
    return request.replaceAll("(?s).*\"id\":(\\d+).*", "$1");
  }
}
