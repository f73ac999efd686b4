package dstack.kms.core.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

class MsgPackReaderFuzz {
  @FuzzTest
  void anyInputIsWalkedWithinItsBoundsOrRefused(byte[] input) {
    MsgPackReader reader = new MsgPackReader(Bytes.of(input));
    try {
      while (reader.remaining() > 0) {
        int before = reader.position();
        reader.skipValue();
        assertThat(reader.position()).isGreaterThan(before);
      }
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(MsgPackRefusal.class);
    }
  }

  @FuzzTest
  void anyInputIsReadAsBytesOrRefused(byte[] input) {
    MsgPackReader reader = new MsgPackReader(Bytes.of(input));
    try {
      assertThat(reader.readBytesOrString(1 << 20).length()).isLessThan(input.length);
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(MsgPackRefusal.class);
    }
  }
}
