package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.AppFunctions;
import dstack.kms.chain.calldata.View;
import java.util.List;

/**
 * The changes of a DstackApp.
 *
 * @param app its proxy, which is the app id
 */
public record AppTasks(Address app) {
  private static final AllowListForm COMPOSE_HASHES =
      new AllowListForm(
          "the compose hash",
          AppFunctions.ADD_COMPOSE_HASH,
          AppFunctions.REMOVE_COMPOSE_HASH,
          Views.ALLOWED_COMPOSE_HASHES);

  private static final AllowListForm DEVICES =
      new AllowListForm(
          "the device", AppFunctions.ADD_DEVICE, AppFunctions.REMOVE_DEVICE, Views.ALLOWED_DEVICES);

  /** Lets it run with a compose hash. */
  public Task addHash(PolicyHash hash) {
    return COMPOSE_HASHES.allow(app, hash, where());
  }

  /** Lets it run with a compose hash no longer. */
  public Task removeHash(Word hash) {
    return COMPOSE_HASHES.disallow(app, hash, where());
  }

  /** Lets it run on a device. */
  public Task addDevice(PolicyHash device) {
    return DEVICES.allow(app, device, where());
  }

  /** Lets it run on a device no longer. */
  public Task removeDevice(Word device) {
    return DEVICES.disallow(app, device, where());
  }

  private String where() {
    return " for the app " + app;
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

  private Expectation expect(View view, AbiValue wanted, AbiValue... arguments) {
    return new Expectation(new Fact.Answer(app, view, List.of(arguments)), wanted);
  }
}
