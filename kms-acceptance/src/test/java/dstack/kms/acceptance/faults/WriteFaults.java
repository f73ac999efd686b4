package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Lets the machine fail at every call of a procedure that writes to where the keys are. */
final class WriteFaults {
  private static final int USUAL_STARTS = 4;
  private static final int USUAL_KILLS = 3;

  private final Host host;
  private final Path folder;
  private final String name;
  private final Procedure procedure;

  /**
   * @param folder keeps what is left, and has no trace of another procedure
   * @param name of the procedure in the table
   */
  WriteFaults(Host host, Path folder, String name, Procedure procedure) {
    this.host = host;
    this.folder = folder;
    this.name = name;
    this.procedure = procedure;
  }

  /** Cuts the power after each call, and starts again from what is on the medium. */
  void losePower() {
    try (Disk disk = new Disk(folder, 6 << 20)) {
      Node node = new Node(host, disk.inside().resolve("certs"));
      List<String> here = disk.sandbox().starter();
      List<Call> calls = watch(node, here);
      prepare(node, here);
      disk.settle();
      Moments moments = new Moments(disk, "certs");
      procedure.publishedBefore().ifPresent(moments::published);
      Path pipe = folder.resolve("stops");
      CompletableFuture<Void> walk = new StopWalk(pipe, disk.inside(), moments::take).follow();
      try (Background program = start(node, here, Trace.stoppingAt(pipe, calls))) {
        procedure.drive(node, program, moments::published);
        moments.take(new Call("0", "the end", List.of()));
        program.kill();
      }
      StopWalk.end(walk);
      assertThat(moments.count()).isGreaterThan(calls.size());
      FaultTable.enter(name + ", power loss", moments.examine(host, USUAL_STARTS));
    }
  }

  /** Kills the program at each call, and starts again. */
  void kill() {
    Node node = new Node(host, folder.resolve("certs"));
    List<Call> calls = watch(node, List.of());
    List<Integer> points = Scope.of(IntStream.range(0, calls.size()).boxed().toList(), USUAL_KILLS);
    int offered = 0;
    for (int point : points) {
      prepare(node, List.of());
      Optional<String> published = killed(node, calls, point);
      NextStart found = NextStart.from(host, node.certs(), published);
      offered += found == NextStart.OFFERED_SET_UP ? 1 : 0;
    }
    String counted = points.size() + " kills at " + calls.size() + " points, 0 lost (";
    FaultTable.enter(name + ", kill", counted + offered + " times set-up was offered again)");
  }

  /** What was told to callers by a program that is killed after one of its calls. */
  private Optional<String> killed(Node node, List<Call> calls, int point) {
    AtomicReference<Optional<String>> published =
        new AtomicReference<>(procedure.publishedBefore());
    AtomicInteger seen = new AtomicInteger();
    Path pipe = folder.resolve("stops-" + point);
    CompletableFuture<Void> walk =
        new StopWalk(pipe, node.certs(), _ -> seen.getAndIncrement() < point).follow();
    try (Background program = start(node, List.of(), Trace.stoppingAt(pipe, calls))) {
      try {
        procedure.drive(node, program, answer -> published.set(Optional.of(answer)));
      } catch (AssertionError e) {
        assertThat(program.status()).as(e::getMessage).isEqualTo(137);
      }
      assertThat(program.status()).as(program::output).isEqualTo(137);
    }
    StopWalk.end(walk);
    return published.get();
  }

  /** All calls of the whole procedure that write to where the keys are. */
  private List<Call> watch(Node node, List<String> here) {
    prepare(node, here);
    Path output = folder.resolve("trace");
    try (Background program = start(node, here, Trace.watching(output))) {
      procedure.drive(node, program, _ -> {});
      program.kill();
    }
    List<Call> calls =
        Host.read(output)
            .lines()
            .flatMap(Call::of)
            .filter(call -> call.within(node.certs()))
            .toList();
    assertThat(calls).hasSizeGreaterThan(5);
    return calls;
  }

  private void prepare(Node node, List<String> here) {
    run(here, "rm", "-rf", node.certs().toString());
    procedure
        .before()
        .ifPresent(before -> run(here, "cp", "-a", before.toString(), node.certs().toString()));
  }

  private static void run(List<String> here, String... command) {
    List<String> all = new ArrayList<>(here);
    all.addAll(List.of(command));
    Program.run(all).success();
  }

  private Background start(Node node, List<String> here, List<String> tracer) {
    List<String> starter = new ArrayList<>(here);
    starter.addAll(tracer);
    return node.start(starter, procedure.settings());
  }
}
