package dstack.kms.attest.nitro;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Register 8 of a NitroTPM: extended once with the identity of the configuration that the guest
 * booted (specification 15 §9 and §11.8).
 *
 * <p>That identity contains the key provider that the app's configuration pins, which evidence does
 * not carry. A guest stops before it asks for anything if its provider is not the pinned one, so
 * the pin is nothing, or the provider in its events, or one that is known here.
 */
public final class ConfigRegister {
  private static final int REGISTER = 8;
  private static final int KINDS = 4;
  private static final int MAX_PROVIDER = 4096;
  private static final Bytes VERSION = Bytes.fromHex("02");
  private static final Bytes FILLING = Bytes.zeros(15);

  private final boolean checked;
  private final Supplier<Set<Bytes>> knownProviders;

  private ConfigRegister(boolean checked, Supplier<Set<Bytes>> knownProviders) {
    this.checked = checked;
    this.knownProviders = knownProviders;
  }

  /**
   * The register must hold a configuration of the identities in the events.
   *
   * @param knownProviders ids that an app may pin beside the one in its events: of this server, the
   *     subject public key info of its CA certificate; asked at each verification
   */
  public static ConfigRegister checked(Supplier<Set<Bytes>> knownProviders) {
    return new ConfigRegister(true, knownProviders);
  }

  /** The register is not looked at, as in the original; register 14 binds the identities alone. */
  public static ConfigRegister unchecked() {
    return new ConfigRegister(false, Set::of);
  }

  void require(Registers registers, RuntimeEvents events) {
    if (!checked) {
      return;
    }
    Bytes quoted = registers.require(REGISTER);
    for (Bytes pin : possiblePins(events)) {
      for (int kind = 0; kind < KINDS; kind++) {
        if (quoted.equals(expected(events, kind, pin))) {
          return;
        }
      }
    }
    throw NitroRefusal.CONFIG_REGISTER.because(
        "PCR8 mismatch, quoted: " + quoted + " is no configuration of this app");
  }

  private Set<Bytes> possiblePins(RuntimeEvents events) {
    Set<Bytes> pins = new LinkedHashSet<>();
    pins.add(Bytes.EMPTY);
    pins.addAll(knownProviders.get());
    Bytes provider = events.payloadOf("key-provider");
    if (!provider.isEmpty() && provider.length() <= MAX_PROVIDER) {
      pins.add(providerId(provider));
    }
    return pins;
  }

  /** The id in the measured event; none if the event is not of the guest's form. */
  private static Bytes providerId(Bytes provider) {
    try {
      return StrictJson.object(provider.utf8Text(), NitroRefusal.CONFIG_REGISTER).hex("id");
    } catch (RefusalException e) {
      return Bytes.EMPTY;
    }
  }

  private static Bytes expected(RuntimeEvents events, int kind, Bytes pin) {
    Bytes id =
        Bytes.concat(
            VERSION,
            Keccak.keccak256(
                Bytes.concat(
                    events.payloadOf("compose-hash"),
                    events.payloadOf("app-id"),
                    Bytes.of(new byte[] {(byte) kind}),
                    pin)),
            FILLING);
    return Digests.sha384(Bytes.zeros(Registers.LENGTH), id);
  }
}
