package dstack.kms.chain.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.Node;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key files in the form of Web3 Secret Storage version 3. */
final class KeyFileTest {
  /** The example of the form's definition, with PBKDF2; its password is "testpassword". */
  private static final String PBKDF2 =
      """
      {"crypto":{"cipher":"aes-128-ctr",
        "cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
          "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
       "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
      """;

  private static String madeByEthers() {
    return Node.run(
        """
        import { encryptKeystoreJson } from 'ethers';
        const [address, privateKey] = process.argv.slice(1);
        console.log(await encryptKeystoreJson({ address, privateKey }, 'pass word \\u00e4',
            { scrypt: { N: 4096, r: 8, p: 1 } }));
        """,
        Anvil.FIRST_ACCOUNT,
        Anvil.FIRST_KEY);
  }

  @Test
  void opensFileThatEthersMade() {
    try (Secret password = password("pass word \u00e4");
        KeySigner signer = KeyFile.parse(madeByEthers()).open(password)) {
      assertThat(signer.account()).hasToString(Anvil.FIRST_ACCOUNT);
    }
  }

  @Test
  void opensTheExampleOfTheDefinition() {
    try (Secret password = password("testpassword");
        KeySigner signer = KeyFile.parse(PBKDF2).open(password)) {
      assertThat(signer.account().lowerCase())
          .isEqualTo("0x008aeeda4d805471df9b2a5b0f38a0c3bcba786b");
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "testpassworD", "'testpassword '"})
  void refusesAnotherPassword(String text) {
    try (Secret password = password(text)) {
      KeyFile file = KeyFile.parse(PBKDF2);

      assertThatThrownBy(() -> file.open(password))
          .isInstanceOf(RefusalException.class)
          .hasMessage("the password does not open the key file")
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(SigningRefusal.PASSWORD);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5318b4d5 | 5318b4d6 | does not open",
        "517ead92 | 517ead93 | does not open",
        "\"version\":3 | \"version\":4 | version",
        "aes-128-ctr | aes-128-cbc | cipher must be",
        "hmac-sha256 | hmac-sha512 | prf must be",
        "\"pbkdf2\" | \"argon2\" | kdf must be",
        "\"c\":262144 | \"c\":999999999 | c must be a number",
        "\"c\":262144 | \"c\":0 | c must be a number",
        "\"dklen\":32 | \"dklen\":16 | dklen must be 32",
        "c1e6\" | c1\" | iv must have 16 bytes",
        "aa46\" | aa\" | ciphertext must have 32 bytes",
        "e9b2\" | e9bz\" | mac must be hexadecimal",
        "\"version\":3 | \"version\":3,\"address\":\"00000000000000000000000000000000000000ff\""
            + " | another account",
        "\"version\":3} | \"version\":3}{ | not JSON",
      })
  void refusesFileThatWasChanged(String part, String change, String reason) {
    assertThat(PBKDF2).contains(part);
    String changed = PBKDF2.replace(part, change);

    assertThatThrownBy(
            () -> {
              try (Secret password = password("testpassword")) {
                KeyFile.parse(changed).open(password).close();
              }
            })
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({"3", "0", "1", "4194304", "-2"})
  void refusesScryptThatCostsTooMuchOrIsNone(int n) {
    String file =
        PBKDF2
            .replace("\"pbkdf2\"", "\"scrypt\"")
            .replace("\"c\":262144", "\"n\":" + n + ",\"r\":8,\"p\":1");

    assertThatThrownBy(() -> KeyFile.parse(file)).hasMessageContaining("n must be");
  }

  @ParameterizedTest
  @CsvSource({"0x", "''", "0x12", "zz", "0x00"})
  void refusesTextThatIsNoKeyWithoutRepeatingIt(String text) {
    String padded = text + "7".repeat(60);

    assertThatThrownBy(() -> KeyText.parse(padded).close())
        .isInstanceOf(RefusalException.class)
        .hasMessageNotContaining("777");
  }

  private static Secret password(String text) {
    return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
  }
}
