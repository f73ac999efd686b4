package dstack.kms.cli.gov.read;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Fact;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.Views;
import dstack.kms.cli.outcome.JsonText;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a contract says about itself.
 *
 * @param facts by name, in the order in which they are shown
 */
record ContractState(Map<String, Object> facts) {
  static ContractState kms(Endpoint endpoint, Address kms) {
    Facts facts = new Facts(endpoint, kms);
    facts.require("gateway_app_id", Views.GATEWAY_APP_ID);
    facts.require("app_implementation", Views.APP_IMPLEMENTATION);
    Arguments info =
        new Arguments(
            ((AbiValue.Items) facts.read(new Fact.Answer(kms, Views.KMS_INFO, List.of())))
                .values());
    facts.put("k256_pubkey", "0x" + info.data(0));
    facts.put("ca_pubkey", "0x" + info.data(1));
    facts.put("quote_bytes", info.data(2).length());
    facts.put("eventlog_bytes", info.data(3).length());
    return facts.state();
  }

  static ContractState app(Endpoint endpoint, Address app, Optional<Address> kms) {
    Facts facts = new Facts(endpoint, app);
    facts.require("allow_any_device", Views.ALLOW_ANY_DEVICE);
    facts.find("require_tcb_up_to_date", Views.REQUIRE_TCB_UP_TO_DATE);
    facts.find("version", Views.VERSION);
    facts.put("upgrades_disabled", plain(facts.read(new Fact.UpgradesDisabled(app))));
    kms.ifPresent(
        contract ->
            facts.put(
                "registered",
                plain(
                    facts.read(
                        new Fact.Answer(
                            contract, Views.REGISTERED_APPS, List.of(AbiValue.of(app)))))));
    return facts.state();
  }

  void print(CommandSpec spec, boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(facts));
    } else {
      facts.forEach((name, value) -> out.println(name + ": " + value));
    }
  }

  /** As JSON has it; text of others without what could break a line. */
  private static Object plain(AbiValue value) {
    return switch (value) {
      case AbiValue.Flag(boolean flag) -> flag;
      case AbiValue.Num(BigInteger number) -> number;
      case AbiValue.Text(String text) -> text.replaceAll("[^\\x20-\\x7e]", "?");
      default -> value.words();
    };
  }

  private static final class Facts {
    private final FactReader reader;
    private final Address contract;
    private final Map<String, Object> facts = new LinkedHashMap<>();

    Facts(Endpoint endpoint, Address contract) {
      this.reader = FactReader.latest(endpoint);
      this.contract = contract;
      facts.put("address", contract.checksummed());
      facts.put("chain_id", endpoint.chainId());
      require("owner", Views.OWNER);
      find("pending_owner", Views.PENDING_OWNER);
      reader
          .find(new Fact.Implementation(contract))
          .ifPresent(value -> put("implementation", plain(value)));
    }

    AbiValue read(Fact fact) {
      return reader.read(fact);
    }

    void require(String name, View view) {
      put(name, plain(read(new Fact.Answer(contract, view, List.of()))));
    }

    void find(String name, View view) {
      reader.find(contract, view).ifPresent(value -> put(name, plain(value)));
    }

    void put(String name, Object value) {
      facts.put(name, value);
    }

    ContractState state() {
      return new ContractState(facts);
    }
  }
}
