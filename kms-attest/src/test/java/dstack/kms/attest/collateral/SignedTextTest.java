package dstack.kms.attest.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 11 §5: the signature covers the exact text. */
class SignedTextTest {
  private static SignedText cut(String body) {
    return SignedText.cut(body, "tcbInfo", "TCB Info");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"b\":1,\"a\":1.50,\"c\":1E3}",
        "{ \"spaces\" : [ ] ,\n\t\"x\" : \"}\\\"{\" }",
        "{\"nested\":{\"tcbInfo\":{\"signature\":\"ff\"}}}",
        "{\"text\":\"\\u00e4ä😀\\/\"}"
      })
  void cutsTheTextAsItStands(String document) {
    String[] bodies = {
      "{\"tcbInfo\":" + document + ",\"signature\":\"00ff\"}",
      "{\"signature\":\"00FF\",\"tcbInfo\":" + document + "}",
      "\n{ \"x\":{\"tcbInfo\":{}}, \"tcbInfo\" :\n " + document + " , \"signature\":\"00ff\"}\n",
    };
    for (String body : bodies) {
      assertThat(cut(body).text()).isEqualTo(document);
      assertThat(cut(body).signature().hex()).isEqualTo("00ff");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"tcbInfo\":{}}",
        "{\"signature\":\"00\"}",
        "{\"tcbInfo\":{},\"signature\":1}",
        "{\"tcbInfo\":{},\"signature\":\"\"}",
        "{\"tcbInfo\":\"{}\",\"signature\":\"00\"}",
        "{\"tcbInfo\":[],\"signature\":\"00\"}",
        "{\"tcbInfo\":null,\"signature\":\"00\"}",
        "{\"tcbInfo\":{},\"signature\":\"00\"} x",
        "{\"tcbInfo\":{},\"signature\":\"00\"}{}",
        "{\"tcbInfo\":{},\"tcbInfo\":{},\"signature\":\"00\"}",
        "{\"tcbInfo\":{},\"signature\":\"00\",\"signature\":\"01\"}",
        "{\"tcbInfo\":{\"a\":1,\"a\":2},\"signature\":\"00\"}",
        "{\"tcbInfo\":{]},\"signature\":\"00\"}",
        "{\"tcbInfo\":{},\"signature\":\"00\""
      })
  void refusesEverythingElse(String body) {
    assertThatThrownBy(() -> cut(body))
        .isInstanceOf(RefusalException.class)
        .hasMessage("TCB Info should be valid JSON");
  }

  @Test
  void refusesASignatureThatIsNoHex() {
    assertThatThrownBy(() -> cut("{\"tcbInfo\":{},\"signature\":\"0\"}"))
        .hasMessage("TCB Info signature must be valid hex");
    assertThatThrownBy(() -> cut("{\"tcbInfo\":{},\"signature\":\"0x00\"}"))
        .hasMessage("TCB Info signature must be valid hex");
  }

  /** The names of one object are remembered while it is read, so that none is there twice. */
  @Test
  void refusesFourMegabytesOfNamesBeforeTheyFillTheMemory() {
    StringBuilder names = new StringBuilder("{\"tcbInfo\":{},\"signature\":\"00\",\"x\":{");
    for (int i = 0; names.length() < 4 << 20; i++) {
      names.append('"').append(i).append("\":0,");
    }
    String body = names.append("\"\":0}}").toString();
    long allocated =
        Allocation.bytesOf(
            () -> assertThatThrownBy(() -> cut(body)).hasMessage("TCB Info should be valid JSON"));
    assertThat(allocated).isLessThan(12L << 20);
  }
}
