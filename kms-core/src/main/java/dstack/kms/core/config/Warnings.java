package dstack.kms.core.config;

import java.util.ArrayList;
import java.util.List;

/** What is allowed and still worth a line in the log. */
final class Warnings {
  private Warnings() {}

  static List<String> of(KmsConfig config, Settings settings) {
    List<String> warnings = new ArrayList<>(settings.retired());
    switch (config.authority()) {
      case AuthorityConfig.Webhook webhook
          when webhook.url().isPlain() && webhook.answerKey().isEmpty() ->
          warnings.add(
              "core.auth_api.webhook.url is plain HTTP: whoever can reach that network decides"
                  + " about keys");
      case AuthorityConfig.PolicyFile file when !file.strict() ->
          warnings.add(
              "core.auth_api.file.strict = false: an empty list of devices allows every device");
      case ChainConfig chain -> addChain(chain, warnings);
      case AuthorityConfig.Webhook _, AuthorityConfig.PolicyFile _, AuthorityConfig.Dev _ -> {}
    }
    addImage(config.image(), warnings);
    return warnings;
  }

  private static void addChain(ChainConfig chain, List<String> warnings) {
    for (RpcUrl url : chain.endpoints()) {
      if (url.isPlain()) {
        warnings.add(
            "core.auth_api.chain.rpc_urls: "
                + url
                + " is plain HTTP: whoever can reach that network can answer for the chain");
      }
    }
    if (chain.mode() == ChainMode.DIRECT) {
      warnings.add(
          "core.auth_api.chain.mode = \"direct\": whoever runs an endpoint decides about keys");
    }
  }

  private static void addImage(ImageConfig image, List<String> warnings) {
    if (!image.verify()) {
      return; // a weakening, which says so itself
    }
    if (image.rtmr0() == Rtmr0Source.MEASURED_ACPI) {
      warnings.add(
          "core.image.rtmr0 = \"measured-acpi\": the ACPI tables of TDX guests that boot without"
              + " TDX lite are taken as the guest measured them");
    } else if (image.acpiTablesProgram().isEmpty()) {
      warnings.add(
          "core.image.acpi_tables_program is not set: TDX guests whose vm_config does not say"
              + " tdx_attestation_variant \"lite\" get no keys");
    }
  }
}
