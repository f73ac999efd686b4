package dstack.kms.cli.authapi;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.Node;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ScriptNumberTest {
  /** Fixed so that a failure repeats. */
  private static final long SEED = 20;

  @Test
  void writesNumbersAsJavaScriptDoes() {
    double[] numbers =
        DoubleStream.concat(
                DoubleStream.of(
                    0,
                    -0.0,
                    1,
                    -1,
                    0.1,
                    1e-6,
                    1e-7,
                    1.5e-7,
                    123456789012345680000.0,
                    1e21,
                    1.25e21,
                    -1e21,
                    Double.MIN_VALUE,
                    Double.MAX_VALUE,
                    9007199254740992.0,
                    100,
                    0.5,
                    1e300),
                new SplittableRandom(SEED).longs(400).mapToDouble(Double::longBitsToDouble))
            .filter(Double::isFinite)
            .toArray();
    String listed =
        DoubleStream.of(numbers).mapToObj(Double::toString).collect(Collectors.joining(","));
    String script = "console.log(process.argv[1].split(',').map((x) => String(Number(x))).join());";
    String[] expected = Node.run(script, listed).split(",", -1);
    for (int i = 0; i < numbers.length; i++) {
      assertThat(ScriptNumber.text(numbers[i])).isEqualTo(expected[i]);
    }
    assertThat(ScriptNumber.text(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
  }
}
