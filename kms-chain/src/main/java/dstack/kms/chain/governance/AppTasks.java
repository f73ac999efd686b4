package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.AppFunctions;
import dstack.kms.chain.calldata.Function;
import dstack.kms.chain.calldata.View;
import java.util.List;

/**
 * The changes of a DstackApp.
 *
 * @param app its proxy, which is the app id
 */
public record AppTasks(Address app) {
  /** Lets it run with a compose hash. */
  public Task addHash(PolicyHash hash) {
    return listed(
        "allow the compose hash " + hash.word(),
        AppFunctions.ADD_COMPOSE_HASH,
        Views.ALLOWED_COMPOSE_HASHES,
        hash.word(),
        true);
  }

  /** Lets it run with a compose hash no longer. */
  public Task removeHash(Word hash) {
    return listed(
        "no longer allow the compose hash " + hash,
        AppFunctions.REMOVE_COMPOSE_HASH,
        Views.ALLOWED_COMPOSE_HASHES,
        hash,
        false);
  }

  /** Lets it run on a device. */
  public Task addDevice(PolicyHash device) {
    return listed(
        "allow the device " + device.word(),
        AppFunctions.ADD_DEVICE,
        Views.ALLOWED_DEVICES,
        device.word(),
        true);
  }

  /** Lets it run on a device no longer. */
  public Task removeDevice(Word device) {
    return listed(
        "no longer allow the device " + device,
        AppFunctions.REMOVE_DEVICE,
        Views.ALLOWED_DEVICES,
        device,
        false);
  }

  /** Says whether it runs on every device. */
  public Task setAnyDevice(boolean allowed) {
    Task task =
        Task.of(
            allowed ? "allow every device" : "allow listed devices only",
            AppFunctions.SET_ALLOW_ANY_DEVICE.on(app, AbiValue.of(allowed)),
            expect(Views.ALLOW_ANY_DEVICE, AbiValue.of(allowed)));
    return allowed
        ? task.warning("the app may run on any device: every machine with an allowed image")
        : task;
  }

  /** Says whether it needs an up-to-date TCB. */
  public Task setRequireTcb(boolean required) {
    return Task.of(
        required ? "require an up-to-date TCB" : "no longer require an up-to-date TCB",
        AppFunctions.SET_REQUIRE_TCB_UP_TO_DATE.on(app, AbiValue.of(required)),
        expect(Views.REQUIRE_TCB_UP_TO_DATE, AbiValue.of(required)));
  }

  /** Makes its code final. */
  public Task disableUpgrades() {
    return Task.of(
            "disable upgrades for good",
            AppFunctions.DISABLE_UPGRADES.on(app),
            new Expectation(new Fact.UpgradesDisabled(app), AbiValue.of(true)))
        .warning("this cannot be undone by anybody");
  }

  private Task listed(String title, Function function, View view, Word entry, boolean allowed) {
    return Task.of(
        title + " for the app " + app,
        function.on(app, AbiValue.of(entry)),
        expect(view, AbiValue.of(allowed), AbiValue.of(entry)));
  }

  private Expectation expect(View view, AbiValue wanted, AbiValue... arguments) {
    return new Expectation(new Fact.Answer(app, view, List.of(arguments)), wanted);
  }
}
