package dstack.kms.onboard.backup.share;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.Node;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The library's sharing against Lagrange interpolation written down from the definition. */
class SecretSharesTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** GF(2^8) with x^8+x^4+x^3+x+1 by tables of the generator 3; no code in common with ours. */
  private static final String LAGRANGE =
      """
      const exp = [], log = [];
      for (let i = 0, x = 1; i < 255; i++) {
        exp[i] = x; log[x] = i;
        x = x ^ ((x << 1) & 255) ^ (x & 128 ? 0x1b : 0);
      }
      const mul = (a, b) => a && b ? exp[(log[a] + log[b]) % 255] : 0;
      const inv = a => exp[(255 - log[a]) % 255];
      const shares = process.argv.slice(1).map(s => s.split(':'))
        .map(([i, hex]) => [Number(i), Buffer.from(hex, 'hex')]);
      const secret = Buffer.alloc(shares[0][1].length);
      for (const [i, share] of shares) {
        let basis = 1;
        for (const [j] of shares) if (j !== i) basis = mul(basis, mul(j, inv(i ^ j)));
        for (let b = 0; b < secret.length; b++) secret[b] ^= mul(basis, share[b]);
      }
      console.log(secret.toString('hex'));
      """;

  @Test
  void anIndependentInterpolationFindsTheSameSecret() {
    try (Secret secret = Secret.generate(32, RANDOM)) {
      List<Secret> shares = SecretShares.split(secret, 3, 5, RANDOM);
      for (List<Integer> subset : List.of(List.of(1, 2, 3), List.of(5, 3, 1), List.of(2, 4, 5))) {
        assertThat(Node.run(LAGRANGE, arguments(shares, subset)))
            .isEqualTo(SampleSet.raw(secret).hex());
      }
      assertThat(Node.run(LAGRANGE, arguments(shares, List.of(1, 2))))
          .isNotEqualTo(SampleSet.raw(secret).hex());
    }
  }

  @Test
  void everySubsetOfThreeOfFiveGivesTheSecretAndNoSmallerOneDoes() {
    try (Secret secret = Secret.generate(32, RANDOM)) {
      List<Secret> shares = SecretShares.split(secret, 3, 5, RANDOM);
      int enough = 0;
      for (int mask = 1; mask < 32; mask++) {
        Map<Integer, Secret> subset = subset(shares, mask);
        try (Secret found = SecretShares.combine(subset)) {
          assertThat(found.matches(secret))
              .as("subset %s", subset.keySet())
              .isEqualTo(subset.size() >= 3);
          enough += subset.size() >= 3 ? 1 : 0;
        }
      }
      assertThat(enough).isEqualTo(16);
    }
  }

  @Test
  void worksAtTheLargestNumberOfHolders() {
    try (Secret secret = Secret.generate(32, RANDOM)) {
      List<Secret> shares = SecretShares.split(secret, 255, 255, RANDOM);
      Map<Integer, Secret> all = new HashMap<>();
      for (int i = 0; i < shares.size(); i++) {
        all.put(i + 1, shares.get(i));
      }
      assertThat(SecretShares.combine(all).matches(secret)).isTrue();
      all.remove(128);
      assertThat(SecretShares.combine(all).matches(secret)).isFalse();
    }
  }

  private static Map<Integer, Secret> subset(List<Secret> shares, int mask) {
    Map<Integer, Secret> subset = new HashMap<>();
    for (int i = 0; i < shares.size(); i++) {
      if ((mask >> i & 1) == 1) {
        subset.put(i + 1, shares.get(i));
      }
    }
    return subset;
  }

  private static String[] arguments(List<Secret> shares, List<Integer> numbers) {
    List<String> arguments = new ArrayList<>();
    numbers.forEach(i -> arguments.add(i + ":" + SampleSet.raw(shares.get(i - 1)).hex()));
    return arguments.toArray(String[]::new);
  }
}
