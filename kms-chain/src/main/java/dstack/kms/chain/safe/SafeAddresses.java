package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.KnownMultiSend;

/**
 * Where the contracts of a Safe version lie; the same on Ethereum, Base and their test chains
 * (specification 20 §8.4). An address proves nothing: what counts is the code there.
 *
 * @param singleton the code that a Safe runs, with events for layer 2
 * @param factory makes Safes
 * @param multiSend MultiSendCallOnly
 * @param fallbackHandler answers what the Safe itself does not
 */
public record SafeAddresses(
    Address singleton, Address factory, Address multiSend, Address fallbackHandler) {
  /** The canonical addresses of a version. */
  public static SafeAddresses canonical(SafeVersion version) {
    return switch (version) {
      case V1_4_1 ->
          of(
              "0x29fcB43b46531BcA003ddC8FCB67FFE91900C762",
              "0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67",
              KnownMultiSend.V1_4_1,
              "0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99");
      case V1_3_0 ->
          of(
              "0x3E5c63644E683549055b9Be8653de26E0B4CD36E",
              "0xa6B71E26C5e0845f74c812102Ca7114b6a896AB2",
              KnownMultiSend.V1_3_0,
              "0xf48f2B2d2a534e402487b3ee7C18c33Aec0Fe5e4");
    };
  }

  private static SafeAddresses of(
      String singleton, String factory, KnownMultiSend send, String handler) {
    return new SafeAddresses(
        Address.parse(singleton), Address.parse(factory), send.address(), Address.parse(handler));
  }
}
