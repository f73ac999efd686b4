package dstack.kms.bench;

import dstack.kms.core.annotation.Permitted;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** Measures every stage beside its floor and prints one table. */
public final class Main {
  private Main() {}

  /**
   * {@code args[0]}, if given, is the number of seconds of one iteration; the default is 2. {@code
   * args[1]}, if given, is the {@link Part} that is measured.
   */
  @Permitted("a program prints its result on standard output")
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 2;
    Part part = args.length > 1 ? Part.ofWord(args[1]) : Part.ALL;
    PrintStream out = System.out;
    out.println("measuring; at 2 seconds an iteration this takes about fifteen minutes");
    Figures figures = Figures.measure(seconds, part);
    Table table = new Table();
    switch (part) {
      case ALL -> {
        quotes(table, figures);
        platforms(table, figures);
        keys(table, figures);
        peer(table, figures);
        ReleaseBench.measure(table, figures);
      }
      case PLATFORMS -> platforms(table, figures);
    }
    table.print(out);
  }

  private static void quotes(Table table, Figures figures) {
    for (String provider : new String[] {"ACCP", "BC"}) {
      double warmFloor = figures.of("QuoteBench.warmFloor " + provider);
      double coldFloor = figures.of("QuoteBench.coldFloor " + provider);
      table.against(
          "verify warm, " + provider,
          figures.of("QuoteBench.warm " + provider),
          "1 signature",
          warmFloor,
          "P1 <= 1.5 x");
      table.against(
          "verify cold, " + provider,
          figures.of("QuoteBench.cold " + provider),
          "9 signatures",
          coldFloor,
          "P2 <= 1.3 x");
    }
    double hash = figures.of("DecodeBench.decodeFloor");
    table.against("decode V0", figures.of("DecodeBench.decodeV0"), "SHA-256 of it", hash, "");
    table.against("decode V1", figures.of("DecodeBench.decodeV1"), "SHA-256 of it", hash, "");
  }

  private static void platforms(Table table, Figures figures) {
    for (BenchedPlatform platform : BenchedPlatform.values()) {
      for (String provider : new String[] {"ACCP", "BC"}) {
        String which = " " + platform + " " + provider;
        String suffix = ", " + provider;
        table.against(
            platform.word() + " warm" + suffix,
            figures.of("PlatformBench.warm" + which),
            signatures(platform.warmSignatures()),
            figures.of("PlatformBench.warmFloor" + which),
            "");
        table.against(
            platform.word() + " cold" + suffix,
            figures.of("PlatformBench.cold" + which),
            signatures(platform.coldSignatures()),
            figures.of("PlatformBench.coldFloor" + which),
            "");
      }
    }
  }

  private static String signatures(int count) {
    return count == 1 ? "1 signature" : count + " signatures";
  }

  private static void keys(Table table, Figures figures) {
    table.against(
        "derive one app",
        figures.of("KeyBench.derive"),
        "its curve operations",
        figures.of("KeyBench.deriveFloor"),
        "");
    double verify = figures.of("QuoteBench.warmFloor ACCP");
    table.against(
        "sign P-256, checked", figures.of("KeyBench.signP256"), "1 verification", verify, "");
    table.against(
        "sign secp256k1, checked",
        figures.of("KeyBench.signSecp256k1"),
        "1 verification",
        verify,
        "");
  }

  private static void peer(Table table, Figures figures) throws Exception {
    OptionalDouble wasm = WasmPeer.microseconds(Path.of(System.getProperty("kms.root", ".")));
    if (wasm.isEmpty()) {
      table.missing("verify warm", "no wasm peer: node or its npm package is missing");
      return;
    }
    double peer = wasm.getAsDouble();
    table.fasterThan(
        "verify warm, ACCP",
        figures.of("QuoteBench.warm ACCP"),
        "Rust as wasm",
        peer,
        "P1 >= 10 x");
    table.fasterThan(
        "verify cold, ACCP", figures.of("QuoteBench.cold ACCP"), "Rust as wasm", peer, "");
  }
}
