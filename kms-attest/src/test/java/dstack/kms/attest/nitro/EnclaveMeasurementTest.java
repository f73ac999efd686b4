package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registers of an enclave's image. */
final class EnclaveMeasurementTest {
  private static final Bytes SET = Bytes.fromHex("01".repeat(48));
  private static final Bytes ZERO = Bytes.zeros(48);

  private static Registers registers(Bytes zero, Bytes one, Bytes two) {
    return new Registers(Map.of(0, zero, 1, one, 2, two));
  }

  @Test
  void hashesTheProductionImage() {
    Registers registers =
        AttestationDocument.parse(
                CoseSign1.parse(NitroVectors.prodCose()).payload(), ModuleKind.ENCLAVE)
            .registers();

    assertThat(EnclaveMeasurement.of(registers).imageHash().hex())
        .isEqualTo("1894b0b29e94a9db16e88a2914f0923e52bb16c08bf3bb484df786a147e2eb79");
  }

  @Test
  void refusesADebugEnclave() {
    assertThat(Refusals.of(() -> EnclaveMeasurement.of(registers(ZERO, ZERO, ZERO))))
        .hasMessage("nitro enclave is in debug mode (PCR0/1/2 are zeroed); refusing to verify");
    for (Bytes other : new Bytes[] {ZERO, SET}) {
      assertThat(Refusals.of(() -> EnclaveMeasurement.of(registers(ZERO, SET, other))))
          .hasMessage("nitro enclave is in debug mode (PCR0 is zeroed); refusing to verify");
    }
    assertThat(Refusals.of(() -> EnclaveMeasurement.of(registers(ZERO, ZERO, SET))).code())
        .isEqualTo(NitroRefusal.DEBUG);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void refusesAMissingRegister(int index) {
    Map<Integer, Bytes> values = new TreeMap<>(registers(SET, SET, SET).values());
    values.remove(index);

    assertThat(Refusals.of(() -> EnclaveMeasurement.of(new Registers(values))))
        .hasMessage("verified NSM report missing PCR0/1/2: PCR " + index + " not found");
  }

  @Test
  void refusesEveryClaimButTheMeasuredHash() {
    EnclaveMeasurement measurement = new EnclaveMeasurement(SET, SET, SET);
    Bytes hash = measurement.imageHash();

    measurement.requireImage(hash);
    for (Bytes claim : new Bytes[] {Bytes.EMPTY, Bytes.zeros(32), hash.slice(0, 31)}) {
      assertThat(Refusals.of(() -> measurement.requireImage(claim)))
          .hasMessage("os_image_hash mismatch: expected=" + claim + ", computed=" + hash);
    }
  }
}
