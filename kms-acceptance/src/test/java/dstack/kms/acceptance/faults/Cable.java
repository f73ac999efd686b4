package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A veth pair between the machine's own network and that of a sandbox in which a node runs. It goes
 * with the sandbox.
 */
final class Cable implements AutoCloseable {
  static final String HERE = "10.213.77.1";
  static final String THERE = "10.213.77.2";

  private final String near = "kmsf" + ProcessHandle.current().pid() % 100_000;
  private final Sandbox sandbox = Sandbox.ofNetwork();

  Cable() {
    boolean made = false;
    try {
      make();
      made = true;
    } finally {
      if (!made) {
        sandbox.close();
      }
    }
  }

  private void make() {
    String ip = Tool.require("ip").toString();
    String far = near + "p";
    Program.run(List.of(ip, "link", "add", near, "type", "veth", "peer", "name", far)).success();
    Program.run(List.of(ip, "link", "set", far, "netns", String.valueOf(sandbox.pid()))).success();
    Program.run(List.of(ip, "addr", "add", HERE + "/30", "dev", near)).success();
    Program.run(List.of(ip, "link", "set", near, "up")).success();
    sandbox.run(ip, "link", "set", far, "name", "eth0").success();
    sandbox.run(ip, "addr", "add", THERE + "/30", "dev", "eth0").success();
    sandbox.run(ip, "link", "set", "lo", "up").success();
    sandbox.run(ip, "link", "set", "eth0", "up").success();
  }

  /** Where the node runs. */
  Sandbox sandbox() {
    return sandbox;
  }

  /** The address of this side, as servers of the test need it. */
  static InetAddress here() {
    try {
      return InetAddress.getByName(HERE);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  void pull() {
    Program.run(List.of(Tool.require("ip").toString(), "link", "set", near, "down")).success();
  }

  void plug() {
    Program.run(List.of(Tool.require("ip").toString(), "link", "set", near, "up")).success();
  }

  /** Drops in one direction what goes to, or comes from, a port of this side. */
  void drop(String hook, String match) {
    String nft = Tool.require("nft").toString();
    sandbox.run(nft, "add", "table", "inet", "faults").success();
    String chain = "{ type filter hook " + hook + " priority 0; }";
    sandbox.run(nft, "add", "chain", "inet", "faults", "loss", chain).success();
    String[] rule = {nft, "add rule inet faults loss " + match + " drop"};
    sandbox.run(rule).success();
  }

  void heal() {
    sandbox.run(Tool.require("nft").toString(), "delete", "table", "inet", "faults").success();
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
