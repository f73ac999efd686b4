package dstack.kms.core.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class MsgPackRoundTripProperties {
  @Property(tries = 500)
  void whatIsWrittenIsReadBackAndNothingIsLeft(
      @ForAll long number, @ForAll byte[] raw, @ForAll boolean flag) {
    Bytes bytes = Bytes.of(raw);
    MsgPackWriter writer = new MsgPackWriter().writeInteger(number).writeBinary(bytes);
    writer.writeBytesAsArray(bytes).writeString(bytes.hex()).writeBool(flag);
    MsgPackReader reader = new MsgPackReader(writer.toBytes());
    assertThat(reader.readInteger()).isEqualTo(number);
    assertThat(reader.readBinary(raw.length)).isEqualTo(bytes);
    assertThat(reader.readBytesLenient(raw.length)).isEqualTo(bytes);
    assertThat(reader.readString(2 * raw.length)).isEqualTo(bytes.hex());
    assertThat(reader.readBool()).isEqualTo(flag);
    reader.expectEnd();
  }

  @Property(tries = 2000)
  void anyInputIsEitherSkippedWithinItsBoundsOrRefused(@ForAll @Size(max = 40) byte[] input) {
    MsgPackReader reader = new MsgPackReader(Bytes.of(input));
    try {
      reader.skipValue();
      assertThat(reader.position()).isBetween(1, input.length);
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(MsgPackRefusal.class);
    }
  }
}
