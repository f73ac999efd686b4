package dstack.kms.cli.gov;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Anvil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A local chain on which the program deployed its contracts. */
final class GovChain implements AutoCloseable {
  static final String SECOND_KEY =
      "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
  static final String SECOND_ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

  private final Anvil anvil;
  private final String kms;

  private GovChain(Anvil anvil) {
    this.anvil = anvil;
    Run deployed = Run.with(variables(""), "gov", "deploy", "--key-env", "KEY", "--yes");
    assertThat(deployed.status()).as(deployed.err()).isZero();
    kms = value(deployed, "KMS_CONTRACT_ADDR");
  }

  static GovChain start() {
    return new GovChain(Anvil.start());
  }

  Anvil anvil() {
    return anvil;
  }

  /** The proxy. */
  String kms() {
    return kms;
  }

  /** Runs a command that sends as the owner. */
  Run owner(String... command) {
    return Run.with(variables(kms), words(command, "--key-env", "KEY", "--yes"));
  }

  /** Runs a command that sends as somebody else. */
  Run stranger(String... command) {
    return Run.with(variables(kms), words(command, "--key-env", "OTHER", "--yes"));
  }

  /** Runs a command as it is. */
  Run run(String... command) {
    return Run.with(variables(kms), words(command));
  }

  /** The variables of every run. */
  Map<String, String> variables(String contract) {
    Map<String, String> variables = new HashMap<>();
    variables.put("RPC_URL", anvil.url().toString());
    variables.put("KEY", Anvil.FIRST_KEY);
    variables.put("OTHER", SECOND_KEY);
    if (!contract.isEmpty()) {
      variables.put("KMS_CONTRACT_ADDR", contract);
    }
    return variables;
  }

  /** What a command printed as {@code NAME=VALUE}. */
  static String value(Run run, String name) {
    Matcher found = Pattern.compile("(?m)^" + name + "=(.*)$").matcher(run.out());
    assertThat(found.find()).as(run.out() + run.err()).isTrue();
    return found.group(1);
  }

  private static String[] words(String[] command, String... more) {
    List<String> words = new ArrayList<>(List.of("gov"));
    words.addAll(List.of(command));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Override
  public void close() {
    anvil.close();
  }
}
