package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.View;
import java.util.List;
import java.util.stream.Collectors;

/** Something of a contract that can be read. */
public sealed interface Fact {
  /** Whose it is. */
  Address contract();

  /** What it is called, for people. */
  String label();

  /** What the contract answers. */
  record Answer(Address contract, View view, List<AbiValue> arguments) implements Fact {
    /** Keeps a copy. */
    public Answer {
      arguments = List.copyOf(arguments);
    }

    @Override
    public String label() {
      return view.signature().name()
          + arguments.stream().map(AbiValue::words).collect(Collectors.joining(", ", "(", ")"));
    }
  }

  /** The address of the code behind a proxy (specification 20 §5). */
  record Implementation(Address contract) implements Fact {
    @Override
    public String label() {
      return "implementation";
    }
  }

  /** Whether an app is beyond upgrades: a byte of its storage, for which there is no function. */
  record UpgradesDisabled(Address contract) implements Fact {
    @Override
    public String label() {
      return "upgrades disabled";
    }
  }
}
