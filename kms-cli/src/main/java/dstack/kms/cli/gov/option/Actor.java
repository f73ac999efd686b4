package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.transaction.Sender;
import java.util.Optional;

/**
 * Who acts.
 *
 * @param sender absent in a dry run without a key
 */
public record Actor(Address account, Optional<Sender> sender) {}
