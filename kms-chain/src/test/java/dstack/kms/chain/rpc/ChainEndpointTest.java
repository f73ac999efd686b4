package dstack.kms.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.RpcUrl;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChainEndpointTest {
  @Test
  void numbersEndpointsOfOneHostAndHidesTheirKeys() {
    List<RpcUrl> urls =
        List.of(
            RpcUrl.of("https://rpc.example/v3/first-customer"),
            RpcUrl.of("https://rpc.example:8443/"),
            RpcUrl.of("https://rpc.example/v3/second-customer"));
    assertThat(ChainEndpoint.all(urls))
        .extracting(ChainEndpoint::toString)
        .containsExactly(
            "https://rpc.example", "https://rpc.example:8443", "https://rpc.example#2");
  }
}
