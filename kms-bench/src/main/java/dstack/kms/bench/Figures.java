package dstack.kms.bench;

import java.util.Collection;
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

/** Microseconds per operation by benchmark, for example {@code QuoteBench.warm ACCP}. */
record Figures(Map<String, Double> microseconds) {
  /** Runs every JMH benchmark of this module, one thread, each in a process of its own. */
  static Figures measure(int seconds) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("dstack\\.kms\\.bench\\..*Bench\\.")
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
    String provider = result.getParams().getParam("provider");
    String name = parts[parts.length - 2] + "." + parts[parts.length - 1];
    return provider == null ? name : name + " " + provider;
  }
}
