package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.governance.AppTasks;
import dstack.kms.cli.gov.option.AddressText;
import picocli.CommandLine.Option;

/** Which app is changed. There is no default. */
final class AppOption {
  @Option(
      names = "--app-id",
      required = true,
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The app's proxy.")
  private Address app;

  /** What can be changed about it. */
  AppTasks tasks() {
    return new AppTasks(app);
  }
}
