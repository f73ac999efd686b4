package dstack.kms.rpc.prpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the scalar fields of a message from the query of a GET (specification 01 §3, §4): unknown
 * names are skipped, a known name twice is refused.
 */
final class QueryMessageReader {
  private QueryMessageReader() {}

  static void read(QueryString query, Message.Builder into) {
    Set<String> seen = new HashSet<>();
    for (QueryString.Field part : query.fields()) {
      FieldDescriptor field = into.getDescriptorForType().findFieldByName(part.name());
      if (field != null) {
        if (!seen.add(part.name())) {
          throw ScalarText.malformed(part.name(), "is there twice");
        }
        into.setField(field, value(field, part.value()));
      }
    }
  }

  private static Object value(FieldDescriptor field, String text) {
    String name = field.getName();
    if (field.isRepeated()) {
      throw ScalarText.malformed(name, "cannot be given in a query");
    }
    return switch (field.getType()) {
      case STRING -> text;
      case BYTES -> ScalarText.hex(name, text.toCharArray(), 0, text.length());
      case UINT32 -> ScalarText.uint32(name, text);
      case UINT64 -> ScalarText.uint64(name, text);
      case BOOL -> ScalarText.bool(name, text);
      default -> throw ScalarText.malformed(name, "cannot be given in a query");
    };
  }
}
