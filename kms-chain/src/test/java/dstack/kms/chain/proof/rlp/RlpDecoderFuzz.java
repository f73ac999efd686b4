package dstack.kms.chain.proof.rlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

class RlpDecoderFuzz {
  @FuzzTest
  void anyInputIsTheOneEncodingOfItsValueOrRefused(byte[] input) {
    Bytes encoded = Bytes.of(input);
    try {
      assertThat(RlpEncoder.encode(RlpDecoder.decode(encoded))).isEqualTo(encoded);
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(RlpRefusal.class);
    }
  }
}
