package dstack.kms.chain.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.Node;
import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transactions are the bytes that ethers makes of the same fields and the same key. */
final class SignedTransactionTest {
  private static final String SCRIPT =
      """
      import { Wallet, Transaction } from 'ethers';
      const [key, fields] = process.argv.slice(1);
      console.log(await new Wallet(key).signTransaction(JSON.parse(fields)));
      """;

  static Stream<UnsignedTransaction> transactions() {
    UnsignedTransaction dynamic = Transactions.dynamic();
    UnsignedTransaction legacy = Transactions.legacy();
    UnsignedTransaction deployment =
        new UnsignedTransaction(
            8453,
            0,
            dynamic.fees(),
            4_000_000,
            Optional.empty(),
            BigInteger.ZERO,
            Bytes.fromHex("60".repeat(300)));
    return Stream.of(dynamic, legacy, deployment, legacy.withNonce(0), dynamic.withNonce(128));
  }

  @ParameterizedTest
  @MethodSource("transactions")
  void signsAsEthersDoes(UnsignedTransaction transaction) {
    String expected = Node.run(SCRIPT, Anvil.FIRST_KEY, fields(transaction));

    try (KeySigner signer = Transactions.first()) {
      assertThat(signer.account()).hasToString(Anvil.FIRST_ACCOUNT);
      assertThat("0x" + signer.sign(transaction).raw()).isEqualTo(expected);
    }
  }

  private static String fields(UnsignedTransaction transaction) {
    String fees =
        switch (transaction.fees()) {
          case Fees.Dynamic(BigInteger tip, BigInteger most) ->
              "\"type\":2,\"maxPriorityFeePerGas\":\"%s\",\"maxFeePerGas\":\"%s\""
                  .formatted(tip, most);
          case Fees.Legacy(BigInteger most) -> "\"type\":0,\"gasPrice\":\"%s\"".formatted(most);
        };
    String to = transaction.to().map(each -> "\"to\":\"" + each + "\",").orElse("");
    return "{%s%s,\"chainId\":%d,\"nonce\":%d,\"gasLimit\":%d,\"value\":\"%s\",\"data\":\"0x%s\"}"
        .formatted(
            to,
            fees,
            transaction.chainId(),
            transaction.nonce(),
            transaction.gas(),
            transaction.value(),
            transaction.data());
  }
}
