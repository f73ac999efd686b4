package dstack.kms.cli.gov.contract;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.operation.DeployedContract;
import dstack.kms.cli.gov.task.DoneLines;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports a deployment to people as it goes on, and gathers it for programs. */
public final class DeploymentAnswer {
  private final PrintWriter people;
  private final Map<String, Object> results = new LinkedHashMap<>();
  private final List<Map<String, Object>> contracts = new ArrayList<>();
  private String most = "";

  DeploymentAnswer(PrintWriter people) {
    this.people = people;
  }

  /** What all its transactions may cost together, as it was agreed to. */
  void agreedTo(BigInteger wei) {
    most = wei.toString();
  }

  /** One contract is there. */
  public void deployed(String name, DeployedContract contract) {
    people.println("Deployed " + name + " to: " + contract.address());
    DoneLines.print(contract.receipt(), people);
    people.flush();
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", name);
    entry.put("address", contract.address().checksummed());
    entry.put("transaction", contract.receipt().hash().text());
    entry.put("gas_used", contract.receipt().gasUsed());
    contracts.add(entry);
  }

  /** What the operator writes down. */
  public void result(String name, Address address) {
    people.println(name + "=" + address);
    results.put(name, address.checksummed());
  }

  /** Somebody or something that takes part. */
  public void say(String name, Address address) {
    people.println(name + ": " + address);
    results.put(name, address.checksummed());
  }

  Map<String, Object> json(long chainId) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chain_id", chainId);
    json.put("contracts", contracts);
    if (!most.isEmpty()) {
      json.put("max_cost_wei", most);
    }
    json.putAll(results);
    return json;
  }
}
