package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Fact;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.Views;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The two contracts of a policy. */
public enum ContractKind {
  /** A DstackKms. */
  KMS(OwnContract.DSTACK_KMS),
  /** A DstackApp. */
  APP(OwnContract.DSTACK_APP);

  private final OwnContract contract;

  ContractKind(OwnContract contract) {
    this.contract = contract;
  }

  /** What this program has of it. */
  public OwnContract contract() {
    return contract;
  }

  /** Refuses a contract that does not answer what only this kind answers. */
  void require(Endpoint endpoint, Address address) {
    View mark =
        switch (this) {
          case KMS -> Views.GATEWAY_APP_ID;
          case APP -> Views.ALLOW_ANY_DEVICE;
        };
    FactReader.latest(endpoint).read(new Fact.Answer(address, mark, List.of()));
  }

  /** Reads the word. */
  public static final class Text implements ITypeConverter<ContractKind> {
    @Override
    public ContractKind convert(String text) {
      return switch (text) {
        case "kms" -> KMS;
        case "app" -> APP;
        default -> throw new TypeConversionException("expected kms or app, not '" + text + "'");
      };
    }
  }
}
