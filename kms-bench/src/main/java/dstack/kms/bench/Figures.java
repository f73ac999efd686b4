package dstack.kms.bench;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Microseconds per operation by benchmark and parameters, for example {@code QuoteBench.warm ACCP}
 * or {@code PlatformBench.warm NITRO ACCP}.
 */
record Figures(Map<String, Double> microseconds) {
  private static final List<String> PARAMETERS = List.of("platform", "provider");

  /** Runs JMH benchmarks of this module, one thread, each in a process of its own. */
  static Figures measure(int seconds, Part part) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(part.benchmarks())
                    .mode(Mode.AverageTime)
                    .timeUnit(TimeUnit.MICROSECONDS)
                    .forks(1)
                    .warmupIterations(4)
                    .warmupTime(TimeValue.seconds(seconds))
                    .measurementIterations(3)
                    .measurementTime(TimeValue.seconds(seconds))
                    .verbosity(VerboseMode.SILENT)
                    .shouldFailOnError(true)
                    .build())
            .run();
    Map<String, Double> figures = new TreeMap<>();
    for (RunResult result : results) {
      figures.put(name(result), result.getPrimaryResult().getStatistics().getPercentile(50));
    }
    return new Figures(figures);
  }

  double of(String name) {
    Double figure = microseconds.get(name);
    if (figure == null) {
      throw new IllegalStateException(
          "not measured: " + name + "; there are " + microseconds.keySet());
    }
    return figure;
  }

  private static String name(RunResult result) {
    String full = result.getParams().getBenchmark();
    String[] parts = full.split("\\.", -1);
    StringBuilder name =
        new StringBuilder(parts[parts.length - 2]).append('.').append(parts[parts.length - 1]);
    for (String parameter : PARAMETERS) {
      String value = result.getParams().getParam(parameter);
      if (value != null) {
        name.append(' ').append(value);
      }
    }
    return name.toString();
  }
}
