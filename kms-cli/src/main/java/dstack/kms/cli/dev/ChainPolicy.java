package dstack.kms.cli.dev;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.platform.GuestFacts;
import dstack.kms.sim.platform.SimulatedGuest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Our contracts on a local chain, changed by {@code kms gov} as an operator would.
 *
 * @param chain where they are
 * @param desk types the commands
 * @param contract the proxy of DstackKms
 */
record ChainPolicy(LocalChain chain, GovDesk desk, String contract) implements DevPolicy {
  /** Deploys a contract that allows nothing. */
  static ChainPolicy deploy(LocalChain chain, Operator operator) {
    GovDesk desk = GovDesk.at(chain, operator);
    String contract = desk.type("deploy", "--model", "a").path("KMS_CONTRACT_ADDR").asString();
    return new ChainPolicy(chain, desk.about(contract), contract);
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("core.auth_api.type", "chain");
    settings.put("core.auth_api.chain.rpc_urls", chain.url().toString());
    settings.put("core.auth_api.chain.contract", contract);
    settings.put("core.auth_api.chain.chain_id", String.valueOf(LocalChain.ID));
    settings.put("core.auth_api.chain.poll", "1s");
    return settings;
  }

  @Override
  public String words() {
    return "contract " + contract + " on chain " + LocalChain.ID + " at " + chain.url();
  }

  @Override
  public List<String> hints() {
    return List.of(
        "export RPC_URL=" + chain.url() + " KMS_CONTRACT_ADDR=" + contract,
        "export " + GovDesk.KEY_VARIABLE + "=" + LocalChain.KEY + "   a key that everybody knows",
        "kms gov show kms",
        "kms gov image add 0x… --key-env "
            + GovDesk.KEY_VARIABLE
            + "   and what else kms gov --help has");
  }

  @Override
  public long admit(SimulatedGuest guest) {
    allowImage(guest.facts());
    allowMeasurement(guest.facts());
    return allowDevice(guest.facts());
  }

  long allowImage(GuestFacts facts) {
    return change("image", "add", hex(facts.osImageHash()));
  }

  long allowMeasurement(GuestFacts facts) {
    return change("mr", "add", hex(facts.mrAggregated()));
  }

  long allowDevice(GuestFacts facts) {
    return change("device", "add", hex(facts.deviceId()));
  }

  @Override
  public long withdraw(SimulatedGuest guest) {
    change("mr", "remove", hex(guest.facts().mrAggregated()));
    return change("device", "remove", hex(guest.facts().deviceId()));
  }

  /** Creates an app that may run on that machine, though as nothing yet; its id. */
  Bytes createApp(GuestFacts machine) {
    String id =
        desk.type("app", "create", "--device", hex(machine.deviceId()))
            .at("/results/APP_ID")
            .asString();
    return Bytes.fromHex(id.substring(2).toLowerCase(Locale.ROOT));
  }

  long allowDefinition(Bytes app, GuestFacts guest) {
    return change("app", "add-hash", "--app-id", hex(app), hex(guest.composeHash()));
  }

  long forbidDefinition(Bytes app, GuestFacts guest) {
    return change("app", "remove-hash", "--app-id", hex(app), hex(guest.composeHash()));
  }

  /** The block in which it happened; zero if there was nothing to do. */
  private long change(String... words) {
    return desk.type(words)
        .path("transactions")
        .valueStream()
        .mapToLong(transaction -> transaction.path("block").asLong())
        .max()
        .orElse(0);
  }

  private static String hex(Bytes bytes) {
    return "0x" + bytes.hex();
  }
}
