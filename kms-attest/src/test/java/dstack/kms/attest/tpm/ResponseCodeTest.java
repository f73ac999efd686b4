package dstack.kms.attest.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Response codes by the tables of the TPM 2.0 library, part 2 §6.6. */
class ResponseCodeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18b | TPM_RC_HANDLE (0x18b, handle 1)              | tpm-no-such-handle",
        "28b | TPM_RC_HANDLE (0x28b, handle 2)              | tpm-no-such-handle",
        "98e | TPM_RC_AUTH_FAIL (0x98e, session 1)          | tpm-authorization",
        "9a2 | TPM_RC_BAD_AUTH (0x9a2, session 1)           | tpm-authorization",
        "99d | TPM_RC_POLICY_FAIL (0x99d, session 1)        | tpm-authorization",
        "12f | TPM_RC_AUTH_UNAVAILABLE (0x12f)              | tpm-authorization",
        "149 | TPM_RC_NV_AUTHORIZATION (0x149)              | tpm-authorization",
        "922 | TPM_RC_RETRY (0x922)                         | tpm-busy",
        "90a | TPM_RC_TESTING (0x90a)                       | tpm-busy",
        "908 | TPM_RC_YIELDED (0x908)                       | tpm-busy",
        "902 | TPM_RC_OBJECT_MEMORY (0x902)                 | tpm-command-failed",
        "921 | TPM_RC_LOCKOUT (0x921)                       | tpm-command-failed",
        "143 | TPM_RC_COMMAND_CODE (0x143)                  | tpm-command-failed",
        "14c | TPM_RC_NV_DEFINED (0x14c)                    | tpm-command-failed",
        "2d5 | TPM_RC_SIZE (0x2d5, parameter 2)             | tpm-command-failed",
        "1c4 | TPM_RC_VALUE (0x1c4, parameter 1)            | tpm-command-failed",
        "101 | TPM_RC_FAILURE (0x101)                       | tpm-command-failed",
        "1e  | TPM_RC_BAD_TAG (0x01e)                       | tpm-command-failed",
        "1bf | unknown (0x1bf, handle 1)                    | tpm-command-failed",
        "ffffffff | unknown (0xffffffff)                    | tpm-command-failed",
        "7018b | unknown (0x7018b)                          | tpm-command-failed",
      })
  void namesWhatTheTpmSays(String hex, String text, String code) {
    ResponseCode read = new ResponseCode(Integer.parseUnsignedInt(hex, 16));
    assertThat(read.toString()).isEqualTo(text);
    assertThat(read.refusal("TPM2_Quote").text()).isEqualTo("TPM2_Quote failed: " + text);
    assertThat(read.refusal("TPM2_Quote").code().code()).isEqualTo(code);
    assertThat(read.isSuccess()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x922, 0x90a, 0x908})
  void asksAgainOnlyWhenTheTpmWantsIt(int code) {
    assertThat(new ResponseCode(code).asksForRetry()).isTrue();
    assertThat(new ResponseCode(code | 0x1000).asksForRetry()).isFalse();
    assertThat(new ResponseCode(0).asksForRetry()).isFalse();
    assertThat(new ResponseCode(0x921).asksForRetry()).isFalse();
  }
}
