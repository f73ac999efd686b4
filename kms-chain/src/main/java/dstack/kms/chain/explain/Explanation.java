package dstack.kms.chain.explain;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Fact;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.Views;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the rules of the contracts for one boot and keeps going when one fails.
 *
 * <p>Read at the head, from one endpoint that is believed: this tells people what to register, and
 * decides nothing.
 */
public final class Explanation {
  private static final Bytes UP_TO_DATE = Bytes.utf8("UpToDate");

  private final Endpoint endpoint;
  private final FactReader facts;
  private final Address kms;
  private final BootInfo boot;
  private final List<Shortfall> found = new ArrayList<>();

  private Explanation(Endpoint endpoint, Address kms, BootInfo boot) {
    this.endpoint = endpoint;
    this.kms = kms;
    this.boot = boot;
    facts = FactReader.latest(endpoint);
  }

  /** What the boot lacks to be a KMS; empty if nothing. */
  public static List<Shortfall> ofKms(Endpoint endpoint, Address kms, BootInfo boot) {
    return new Explanation(endpoint, kms, boot).asKms();
  }

  /** What the boot lacks to have the keys of its app; empty if nothing. */
  public static List<Shortfall> ofApp(Endpoint endpoint, Address kms, BootInfo boot) {
    return new Explanation(endpoint, kms, boot).asApp();
  }

  private List<Shortfall> asKms() {
    tcb(Rule.KMS_TCB, "a KMS needs UpToDate, without exception");
    image();
    if (!holds(kms, Views.ALLOWED_AGGREGATED_MRS, word(boot.mrAggregated()))) {
      lacks(
          Rule.KMS_MEASUREMENT,
          "the contract does not know what this machine runs: the compose file, the prelaunch"
              + " script or the image changed, or it was never registered",
          "kms gov mr add " + hex(boot.mrAggregated()));
    }
    if (!holds(kms, Views.ALLOWED_KMS_DEVICES, word(boot.deviceId()))) {
      lacks(
          Rule.KMS_DEVICE,
          "the contract does not know this machine as one of a KMS",
          "kms gov device add " + hex(boot.deviceId()));
    }
    return List.copyOf(found);
  }

  private List<Shortfall> asApp() {
    Address app = new Address(boot.appId().value());
    if (!holds(kms, Views.REGISTERED_APPS, AbiValue.of(app))) {
      lacks(
          Rule.APP_REGISTERED,
          "no app of that id is registered",
          "kms gov app register " + app.checksummed());
    }
    image();
    if (endpoint.code(app).isEmpty()) {
      lacks(
          Rule.APP_CODE,
          "there is no contract at the app's id: create one with kms gov app create, and deploy"
              + " the app under the id that it prints",
          "");
      return List.copyOf(found);
    }
    contract(app);
    return List.copyOf(found);
  }

  private void contract(Address app) {
    if (facts.find(app, Views.REQUIRE_TCB_UP_TO_DATE).equals(yes())) {
      tcb(Rule.APP_TCB, "the app's owner demands UpToDate (kms gov app require-tcb)");
    }
    if (!holds(app, Views.ALLOWED_COMPOSE_HASHES, word(boot.composeHash().value()))) {
      lacks(
          Rule.APP_COMPOSE_HASH,
          "the app's owner has not allowed this definition of it",
          "kms gov app add-hash --app-id "
              + app.checksummed()
              + " "
              + hex(boot.composeHash().value()));
    }
    boolean anyDevice = facts.find(app, Views.ALLOW_ANY_DEVICE).equals(yes());
    if (!anyDevice && !holds(app, Views.ALLOWED_DEVICES, word(boot.deviceId()))) {
      lacks(
          Rule.APP_DEVICE,
          "the app's owner has not allowed this machine",
          "kms gov app add-device --app-id " + app.checksummed() + " " + hex(boot.deviceId()));
    }
  }

  private void image() {
    if (boot.osImageHash().isEmpty()) {
      lacks(
          Rule.OS_IMAGE,
          "the evidence names no OS image, which is never allowed: the likely cause is the wrong"
              + " variant of the image; deploy the one whose archive ends in -uki.tar.gz",
          "");
    } else if (!holds(kms, Views.ALLOWED_OS_IMAGES, word(boot.osImageHash()))) {
      lacks(
          Rule.OS_IMAGE,
          "the contract does not know this OS image",
          "kms gov image add " + hex(boot.osImageHash()));
    }
  }

  private void tcb(Rule rule, String demand) {
    if (!Bytes.utf8(boot.tcbStatus()).equals(UP_TO_DATE)) {
      String status = boot.tcbStatus().isEmpty() ? "this platform has none" : boot.tcbStatus();
      lacks(
          rule,
          "TCB status: "
              + status
              + "; "
              + demand
              + ". Have the host's firmware and microcode updated, or move to another one",
          "");
    }
  }

  private void lacks(Rule rule, String says, String command) {
    found.add(new Shortfall(rule, says, command));
  }

  private boolean holds(Address contract, View view, AbiValue argument) {
    return facts.find(new Fact.Answer(contract, view, List.of(argument))).equals(yes());
  }

  private static Optional<AbiValue> yes() {
    return Optional.of(AbiValue.of(true));
  }

  private static AbiValue word(Bytes value) {
    return AbiValue.of(new Word(value));
  }

  private static String hex(Bytes value) {
    return "0x" + value.hex();
  }
}
