package dstack.kms.attest.evidence;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Lists in MessagePack. */
final class MsgPackList {
  private MsgPackList() {}

  /** An array of at most so many maps. */
  static <T> List<T> ofMaps(Bytes array, int maxCount, Function<MsgPackFields, T> item) {
    MsgPackReader in = new MsgPackReader(array);
    int count = in.readArrayHeader(maxCount);
    List<T> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = in.position();
      in.skipValue();
      items.add(item.apply(MsgPackFields.of(array.slice(from, in.position()))));
    }
    return List.copyOf(items);
  }

  /** An array of at most so many byte strings, each a bin or an array of integers. */
  static List<Bytes> ofBytes(MsgPackReader in, int maxCount, int maxLength) {
    int count = in.readArrayHeader(maxCount);
    List<Bytes> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(in.readBytesLenient(maxLength));
    }
    return List.copyOf(items);
  }
}
