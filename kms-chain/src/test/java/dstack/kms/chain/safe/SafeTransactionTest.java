package dstack.kms.chain.safe;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Node;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class SafeTransactionTest {
  @Test
  void hasTheHashesOfTheContract() {
    SafeTransaction transaction = SafeVectors.transaction();
    assertThat(SafeVectors.domain().separator().text())
        .isEqualTo(SafeVectors.JSON.get("domainSeparator").stringValue());
    assertThat(transaction.structHash().text())
        .isEqualTo(SafeVectors.JSON.get("structHash").stringValue());
    assertThat(transaction.hash(SafeVectors.domain())).isEqualTo(SafeVectors.hash());
  }

  @Test
  void writesTheCalldataOfItsExecution() {
    assertThat(SafeVectors.transaction().execute(SafeVectors.bytes("/packedSignatures")))
        .isEqualTo(SafeVectors.bytes("/execTransaction"));
  }

  @Test
  void changesItsHashWithEveryPart() {
    SafeDomain domain = SafeVectors.domain();
    SafeTransaction one = SafeVectors.transaction();
    Call call = one.call();
    BigInteger next = one.nonce().add(BigInteger.ONE);
    assertThat(
            List.of(
                new SafeTransaction(call, one.operation(), next).hash(domain),
                new SafeTransaction(call, SafeTransaction.Operation.DELEGATE_CALL, one.nonce())
                    .hash(domain),
                new SafeTransaction(
                        new Call(call.target(), BigInteger.ONE, call.data()),
                        one.operation(),
                        one.nonce())
                    .hash(domain),
                new SafeTransaction(
                        Call.of(Address.ZERO, call.data()), one.operation(), one.nonce())
                    .hash(domain),
                new SafeTransaction(
                        Call.of(call.target(), Bytes.EMPTY), one.operation(), one.nonce())
                    .hash(domain),
                one.hash(new SafeDomain(BigInteger.ONE, domain.safe())),
                one.hash(new SafeDomain(domain.chainId(), Address.ZERO))))
        .doesNotContain(SafeVectors.hash())
        .doesNotHaveDuplicates();
  }

  @Test
  void isShownToHardwareWalletsAsTypedDataOfTheSameHash() {
    String ethers =
        """
        import {TypedDataEncoder} from 'ethers';
        const data = JSON.parse(process.argv[1]);
        const types = {...data.types};
        delete types.EIP712Domain;
        console.log(TypedDataEncoder.hash(data.domain, types, data.message));
        console.log(JSON.stringify(TypedDataEncoder.getPayload(data.domain, types, data.message).types));
        console.log(JSON.stringify(data.types));
        """;
    List<String> lines =
        Node.run(ethers, SafeVectors.transaction().typedData(SafeVectors.domain()))
            .lines()
            .toList();
    assertThat(lines.get(0)).isEqualTo(SafeVectors.hash().text());
    JsonMapper json = JsonMapper.shared();
    assertThat(json.readTree(lines.get(2))).isEqualTo(json.readTree(lines.get(1)));
  }
}
