package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Accounts whose private keys are printed in public documents (specification 22 §1). */
public final class PublicKeys {
  private static final Set<Long> DEVELOPMENT = Set.of(1337L, 31337L);

  /** The fallback of the original's tools, then the accounts of every development chain. */
  private static final Set<Address> KNOWN =
      Stream.of(
              "0x8626f6940E2eb28930eFb4CeF49B2d1F2C9C1199",
              "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
              "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
              "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
              "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
              "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
              "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
              "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
              "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
              "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
              "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720")
          .map(Address::parse)
          .collect(Collectors.toUnmodifiableSet());

  private PublicKeys() {}

  /** Refuses an account that everybody can sign for, except on chains for development. */
  public static void requirePrivate(Address account, long chainId) {
    if (KNOWN.contains(account) && !DEVELOPMENT.contains(chainId)) {
      throw SigningRefusal.KEY.because(
          "the private key of "
              + account
              + " is printed in public documents, so everybody can sign with it: use a key of your"
              + " own on chain "
              + chainId);
    }
  }
}
