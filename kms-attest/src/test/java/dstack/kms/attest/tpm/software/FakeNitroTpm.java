package dstack.kms.attest.tpm.software;

import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.core.bytes.Bytes;
import java.util.function.Supplier;

/**
 * A NitroTPM without a TPM: it answers each command of a request for a document with success, and
 * reads from its index give the answer of the security module.
 */
public final class FakeNitroTpm implements TpmConnector {
  /** An RSA modulus whose primes nobody kept. */
  public static final String MODULUS =
      "b062f0854425eeb6705309c336dd9d20bcea08147fddd60f6c9ba86d2584fcdd"
          + "4d8e159d752e92e7f61f5e59c58cff831eb97296bcda5305e22dda35afbcd16f"
          + "edcb0ef55476c918a58a22f2aa3ea440e03e80470b87536c881b13a1d7959439"
          + "aceea679e5204a6adfd475799980f457d9d58e03b514b8139cfc95256aadd31d"
          + "65bd3fecb0f528535a90917603fc4a57069c61e85a97c0e8d607bee0d826ecda"
          + "cfbbc50b5aff6d9ffd700a8f4a71def5cfff00082c0064eb37cbbaf1ae386a35"
          + "e474ee05dce4c65469b666e1c551f1aec9ee0fc9af435f1499224575c84d26b3"
          + "be57bddda7313ba7b35fdcfcc67f534bf8805484a7fa817fd6087de686cb683d";

  private static final String EK_HEAD =
      "0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa0006008000430010080000000000";

  private final Supplier<Bytes> answer;

  public FakeNitroTpm(Supplier<Bytes> answer) {
    this.answer = answer;
  }

  @Override
  public TpmTransport open() {
    return ScriptedTpm.answering(this::respond).open();
  }

  private Bytes respond(Bytes command) {
    return switch (command.buffer().getInt(6)) {
      case 0x131 -> sessions("80000000", created());
      case 0x17A -> plain("00" + "00000001" + "00000000");
      case 0x169 -> plain("000e" + "01000000000d20040004" + "00002000" + "0042" + "00".repeat(66));
      case 0x176 -> plain("02000000" + "0040" + "00".repeat(64));
      case 0x165 -> plain("");
      case 0x14E -> chunk(command);
      default -> sessions("", "");
    };
  }

  private static String created() {
    String modulus = "0100" + MODULUS;
    return "013a" + EK_HEAD + modulus + "0000" + "0000" + "8021" + "4000000b" + "0000" + "0000";
  }

  private Bytes chunk(Bytes command) {
    int size = command.buffer().getShort(command.length() - 4);
    int offset = command.buffer().getShort(command.length() - 2);
    Bytes content = answer.get().paddedTo(8192).slice(offset, offset + size);
    return sessions("", "%04x".formatted(size) + content);
  }

  private static Bytes plain(String parameters) {
    return Bytes.fromHex("8001%08x00000000".formatted(10 + parameters.length() / 2) + parameters);
  }

  private static Bytes sessions(String handle, String parameters) {
    int length = parameters.length() / 2;
    return Bytes.fromHex(
        "8002%08x00000000%s%08x%s0000010000"
            .formatted(19 + handle.length() / 2 + length, handle, length, parameters));
  }
}
