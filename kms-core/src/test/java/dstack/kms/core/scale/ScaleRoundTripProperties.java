package dstack.kms.core.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class ScaleRoundTripProperties {
  @Property(tries = 300)
  void whatIsWrittenIsReadBackAndNothingIsLeft(
      @ForAll byte[] bytes,
      @ForAll boolean flag,
      @ForAll long number,
      @ForAll @Size(max = 80) List<Long> items) {
    Optional<Long> option = flag ? Optional.of(number) : Optional.empty();
    ScaleWriter writer = new ScaleWriter();
    writer.writeBytes(Bytes.of(bytes)).writeOption(option, writer::writeU64);
    writer.writeVec(items, writer::writeU64);
    ScaleReader reader = new ScaleReader(writer.toBytes());
    assertThat(reader.readBytes(bytes.length)).isEqualTo(Bytes.of(bytes));
    assertThat(reader.readOption(reader::readU64)).isEqualTo(option);
    assertThat(reader.readVec(items.size(), reader::readU64)).isEqualTo(items);
    reader.expectEnd();
  }

  @Property(tries = 1000)
  void everyByteVectorThatIsAcceptedIsCanonical(@ForAll @Size(max = 12) byte[] input) {
    ScaleReader reader = new ScaleReader(Bytes.of(input));
    try {
      Bytes value = reader.readBytes(1 << 20);
      Bytes again = new ScaleWriter().writeBytes(value).toBytes();
      assertThat(again).isEqualTo(Bytes.of(input, 0, reader.position()));
    } catch (dstack.kms.core.refusal.RefusalException e) {
      assertThat(e.code()).isInstanceOf(ScaleRefusal.class);
    }
  }
}
