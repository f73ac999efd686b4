package dstack.kms.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, level 1, with the examples of the recommendation. */
final class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  @ParameterizedTest
  @CsvSource({"01, true", "00, false", "03, true", "fe, false"})
  void readsTheExamplesOfTheRecommendation(String flags, boolean sampled) {
    assertThat(TraceContext.parse("00-" + TRACE + "-" + PARENT + "-" + flags))
        .contains(new TraceContext(TRACE, PARENT, Optional.empty(), sampled));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e47366-00f067aa0ba902b7-01",
      })
  void beginsAnewOnEverythingElse(String header) {
    assertThat(TraceContext.parse(header)).isEmpty();
  }

  @Property
  void readsWhatItWrites(@ForAll boolean sampled) {
    TraceContext root = TraceContext.root(new SecureRandom());
    TraceContext written =
        new TraceContext(root.traceId(), root.spanId(), Optional.empty(), sampled);
    assertThat(TraceContext.parse(written.header())).contains(written);
  }

  @Test
  void keepsTheTraceAndNamesTheParentInAChild() {
    TraceContext parent = TraceContext.root(new SecureRandom());
    TraceContext child = parent.child(new SecureRandom());
    assertThat(child.traceId()).isEqualTo(parent.traceId());
    assertThat(child.parentId()).contains(parent.spanId());
    assertThat(child.spanId()).isNotEqualTo(parent.spanId());
  }

  @Test
  void isSeenWithinItsScopeOnlyAndOnThreadsThatItWasCarriedTo() throws InterruptedException {
    RequestScope scope = new RequestScope("r1", TraceContext.root(new SecureRandom()));
    assertThat(RequestScope.current()).isEmpty();
    Supplier<Optional<RequestScope>> carried =
        scope.call(() -> RequestScope.carried(RequestScope::current));
    assertThat(scope.call(RequestScope::current)).contains(scope);

    Thread other = Thread.ofVirtual().start(() -> assertThat(carried.get()).contains(scope));
    other.join();

    assertThat(carried.get()).contains(scope);
    assertThat(RequestScope.current()).isEmpty();
  }
}
