package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of register 8 were computed by an independent program. */
final class ConfigRegisterTest {
  private static final String KMS_WITHOUT_PIN =
      "388de8b3012b930891f0dfb8e954a0ccdf3cb8a59c1940ec"
          + "2a6b5ec1001b24a8e3a556eadad41d2740b0791b4fe2baed";
  private static final String KMS_PINNED_TO_ITS_PROVIDER =
      "57e1325ddcf848de67c83157dae4abeb82f29f86a89c1510"
          + "5fdbf103b2201d81bd46f4cca8397d53d2793fe39615726a";
  private static final String KMS_PINNED_TO_C0FFEE =
      "e0927034af6b5a140de9849506bc895203fdc6b595c6ac23"
          + "867a9cf245a53dce7154b3f166f5d9647402b29c0c3eb3d8";
  private static final RuntimeEvents EVENTS = Instances.events();

  private static Registers register(String hex) {
    return new Registers(Map.of(8, Bytes.fromHex(hex)));
  }

  private static ConfigRegister rule() {
    return ConfigRegister.checked(Set::of);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5ababd5238a18dfa502fc790cd63182655b7412876c7937aa34020963609e7901db911ed8c4b97f81c8871cd95c723eb",
        "d5fdde3351890fb74ebdfc57531ff592cceec63493e844b93af199ac355abe0dd38fcfdad3e06caa8ed7a1d7aad5d73b",
        KMS_WITHOUT_PIN,
        "3b47840c0e5dbcf432961106920d5ba9467a7264ce7c0667b9c6a4d1048fb807cd391e1e88a8132b40e2158919fed309",
        "d630bac527edf6392705851235ed6a05365cd5f953e3f6b35b538b851632f091e3f3dd3259c110f508116c634178c1e4",
        KMS_PINNED_TO_ITS_PROVIDER,
      })
  void takesEachKindOfProviderWithNoPinOrTheOneThatWasMet(String value) {
    rule().require(register(value), EVENTS);
  }

  @Test
  void takesAPinOnlyIfItIsKnown() {
    Registers pinned = register(KMS_PINNED_TO_C0FFEE);

    assertThat(Refusals.of(() -> rule().require(pinned, EVENTS)).text())
        .isEqualTo(
            "PCR8 mismatch, quoted: " + KMS_PINNED_TO_C0FFEE + " is no configuration of this app");
    ConfigRegister.checked(() -> Set.of(Bytes.fromHex("c0ffee"))).require(pinned, EVENTS);
  }

  @Test
  void refusesAProviderThatWasNotMet() {
    List<RuntimeEvent> without =
        EVENTS.events().stream().filter(e -> !e.name().equals("key-provider")).toList();

    assertThat(
            Refusals.of(
                    () ->
                        rule()
                            .require(
                                register(KMS_PINNED_TO_ITS_PROVIDER), new RuntimeEvents(without)))
                .code())
        .isEqualTo(NitroRefusal.CONFIG_REGISTER);
    rule().require(register(KMS_WITHOUT_PIN), new RuntimeEvents(without));
  }

  @Test
  void t43_refusesEveryOtherRegisterAndIdentity() {
    for (int i = 0; i < 48; i++) {
      byte[] changed = Bytes.fromHex(KMS_WITHOUT_PIN).toArray();
      changed[i] ^= 1;
      Registers registers = new Registers(Map.of(8, Bytes.of(changed)));
      assertThat(Refusals.of(() -> rule().require(registers, EVENTS)).code())
          .isEqualTo(NitroRefusal.CONFIG_REGISTER);
    }
    for (String name : new String[] {"app-id", "compose-hash"}) {
      RuntimeEvents other = Instances.with(name, Bytes.fromHex("99".repeat(20)));
      assertThat(Refusals.of(() -> rule().require(register(KMS_WITHOUT_PIN), other)).code())
          .isEqualTo(NitroRefusal.CONFIG_REGISTER);
    }
    Registers never = new Registers(Map.of(8, Bytes.zeros(48)));
    assertThat(Refusals.of(() -> rule().require(never, EVENTS)).code())
        .isEqualTo(NitroRefusal.CONFIG_REGISTER);
  }

  @Test
  void refusesAMissingRegister() {
    assertThat(Refusals.of(() -> rule().require(new Registers(Map.of()), EVENTS)))
        .hasMessage("PCR 8 not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"id\":1}", "{\"id\":\"zz\"}", "{\"name\":\"kms\"}"})
  void readsNoPinFromAnEventThatIsNotTheGuests(String provider) {
    RuntimeEvents events = Instances.with("key-provider", Bytes.utf8(provider));

    rule().require(register(KMS_WITHOUT_PIN), events);
    assertThat(
            Refusals.of(() -> rule().require(register(KMS_PINNED_TO_ITS_PROVIDER), events)).code())
        .isEqualTo(NitroRefusal.CONFIG_REGISTER);
  }

  @Test
  void looksAtNothingWhereTheCheckIsOff() {
    ConfigRegister.unchecked().require(new Registers(Map.of()), EVENTS);
    ConfigRegister.unchecked()
        .require(register("00".repeat(48)), new RuntimeEvents(new ArrayList<>()));
  }
}
