package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.KmsFunctions;
import dstack.kms.chain.calldata.View;
import java.util.List;

/**
 * The changes of a DstackKms.
 *
 * <p>What is added must be a value that an allow-list may hold; what is removed may be any, so that
 * an entry that should never have been there can be taken out.
 *
 * @param kms its proxy
 */
public record KmsTasks(Address kms) {
  private static final AllowListForm IMAGES =
      new AllowListForm(
          "the OS image",
          KmsFunctions.ADD_OS_IMAGE,
          KmsFunctions.REMOVE_OS_IMAGE,
          Views.ALLOWED_OS_IMAGES);

  private static final AllowListForm MEASUREMENTS =
      new AllowListForm(
          "key servers with the aggregated measurement",
          KmsFunctions.ADD_AGGREGATED_MR,
          KmsFunctions.REMOVE_AGGREGATED_MR,
          Views.ALLOWED_AGGREGATED_MRS);

  private static final AllowListForm DEVICES =
      new AllowListForm(
          "key servers on the device",
          KmsFunctions.ADD_DEVICE,
          KmsFunctions.REMOVE_DEVICE,
          Views.ALLOWED_KMS_DEVICES);

  /** Allows an OS image. */
  public Task addImage(PolicyHash image) {
    return IMAGES.allow(kms, image, "");
  }

  /** Allows an OS image no longer. */
  public Task removeImage(Word image) {
    return IMAGES.disallow(kms, image, "");
  }

  /** Allows key servers with an aggregated measurement. */
  public Task addMr(PolicyHash measurement) {
    return MEASUREMENTS.allow(kms, measurement, "");
  }

  /** Allows key servers with an aggregated measurement no longer. */
  public Task removeMr(Word measurement) {
    return MEASUREMENTS.disallow(kms, measurement, "");
  }

  /** Allows key servers on a device. */
  public Task addDevice(PolicyHash device) {
    return DEVICES.allow(kms, device, "");
  }

  /** Allows key servers on a device no longer. */
  public Task removeDevice(Word device) {
    return DEVICES.disallow(kms, device, "");
  }

  /** Names the gateway's app. */
  public Task setGateway(String appId) {
    Task task =
        Task.of(
            "set the gateway app id to " + AbiValue.of(appId).words(),
            KmsFunctions.SET_GATEWAY_APP_ID.on(kms, AbiValue.of(appId)),
            expect(Views.GATEWAY_APP_ID, AbiValue.of(appId)));
    return appId.equals("any") || appId.matches("(0x)?[0-9a-fA-F]{40}")
        ? task
        : task.warning("the gateway app id is neither an address nor \"any\"");
  }

  /** Shows keys and evidence of the key server. */
  public Task setInfo(KmsInfo info) {
    return Task.of(
        "show the key server's public keys, quote and event log",
        KmsFunctions.SET_KMS_INFO.on(kms, info.value()),
        expect(Views.KMS_INFO, info.value()));
  }

  /** Chooses the code of apps that will be created. */
  public Task setAppImplementation(Address implementation) {
    requireNonZero(implementation);
    return Task.of(
        "let new apps run the code of " + implementation,
        KmsFunctions.SET_APP_IMPLEMENTATION.on(kms, AbiValue.of(implementation)),
        expect(Views.APP_IMPLEMENTATION, AbiValue.of(implementation)));
  }

  /** Registers an app that exists. */
  public Task registerApp(Address app) {
    requireNonZero(app);
    return Task.of(
        "register the app " + app,
        KmsFunctions.REGISTER_APP.on(kms, AbiValue.of(app)),
        expect(Views.REGISTERED_APPS, AbiValue.of(true), AbiValue.of(app)));
  }

  /** Creates and registers an app; makes another one each time. */
  public Task createApp(NewApp app, FactoryForm form) {
    Task task = Task.of("create an app of " + app.owner(), form.call(kms, app));
    return app.allowAnyDevice()
        ? task.warning("the app may run on any device: every machine with an allowed image")
        : task;
  }

  private Expectation expect(View view, AbiValue wanted, AbiValue... arguments) {
    return new Expectation(new Fact.Answer(kms, view, List.of(arguments)), wanted);
  }

  private static void requireNonZero(Address address) {
    if (address.isZero()) {
      throw GovernanceRefusal.VALUE.because("the zero address is nobody");
    }
  }
}
