package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The hand-off list that tells the firmware its memory (specification 17 §5.3), as far as the
 * firmware decides about it.
 *
 * @param address where the list is put
 * @param accepted the memory that is accepted already
 */
record TdHob(long address, List<MemoryRange> accepted) {
  private static final long DEFAULT_ADDRESS = 0x809000;
  private static final long LOW_MEMORY_END = 0x8000_0000L;
  private static final long HIGH_MEMORY_START = 0x1_0000_0000L;
  private static final int HANDOFF = 56;
  private static final int RESOURCE = 48;
  private static final int END_OF_LIST = 48;
  private static final byte ACCEPTED = 0;
  private static final byte UNACCEPTED = 7;

  TdHob {
    accepted = List.copyOf(accepted);
  }

  static TdHob of(Tdvf tdvf) {
    long address = DEFAULT_ADDRESS;
    List<MemoryRange> accepted = new ArrayList<>();
    for (TdvfSection section : tdvf.sections()) {
      section.accepted().ifPresent(accepted::add);
      if (section.isTdHob()) {
        address = section.range().start();
      }
    }
    return new TdHob(address, accepted);
  }

  /** SHA-384 of the list in a guest with that much memory. */
  Bytes digest(MemorySize memory) {
    return Digests.sha384(list(memory));
  }

  Bytes list(MemorySize memory) {
    List<Resource> resources = resources(memory);
    int length = HANDOFF + RESOURCE * resources.size();
    ByteBuffer list = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    list.putShort((short) 1).putShort((short) HANDOFF).putInt(0).putInt(9);
    list.putLong(END_OF_LIST, address + length + 8).position(HANDOFF);
    for (Resource resource : resources) {
      int at = list.position();
      list.putShort((short) 3).putShort((short) RESOURCE);
      list.position(at + 24).put(resource.type).position(at + 28).putInt(7);
      list.putLong(resource.start).putLong(resource.length);
    }
    return Bytes.of(list.array());
  }

  private record Resource(byte type, long start, long length) {
    static Resource of(byte type, MemoryRange range) {
      return new Resource(type, range.start(), range.length());
    }
  }

  private List<Resource> resources(MemorySize memory) {
    List<Resource> all = new ArrayList<>();
    long position = 0;
    for (MemoryRange range : sorted()) {
      if (range.start() < position || range.end() > memory.bytes() || range.length() == 0) {
        throw refused();
      }
      if (range.start() > position) {
        all.add(Resource.of(UNACCEPTED, new MemoryRange(position, range.start())));
      }
      all.add(Resource.of(ACCEPTED, range));
      position = range.end();
    }
    if (position < memory.bytes()) {
      all.add(Resource.of(UNACCEPTED, new MemoryRange(position, memory.bytes())));
    }
    Resource last = all.removeLast();
    all.addAll(split(last, memory));
    return all;
  }

  /** The last range goes around the hole below 4 GiB. */
  private static List<Resource> split(Resource last, MemorySize memory) {
    if (!memory.hasHole()) {
      return List.of(new Resource(UNACCEPTED, last.start, last.length));
    }
    List<Resource> parts = new ArrayList<>();
    if (last.start < LOW_MEMORY_END) {
      parts.add(new Resource(UNACCEPTED, last.start, LOW_MEMORY_END - last.start));
    }
    long end = last.start + last.length;
    if (end > LOW_MEMORY_END) {
      parts.add(new Resource(UNACCEPTED, HIGH_MEMORY_START, end - LOW_MEMORY_END));
    }
    return parts;
  }

  private List<MemoryRange> sorted() {
    return accepted.stream().sorted(Comparator.comparingLong(MemoryRange::start)).toList();
  }

  private static RefusalException refused() {
    return MeasureRefusal.MACHINE.because(
        "the firmware's memory ranges overlap or do not fit into the guest's memory");
  }
}
