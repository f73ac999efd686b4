package dstack.kms.chain.calldata;

import java.util.ArrayList;
import java.util.List;

/** Reads the text form of a signature. */
final class SignatureParser {
  private final String text;
  private int position;

  SignatureParser(String text) {
    this.text = text;
  }

  Signature signature() {
    String name = word();
    Signature signature = new Signature(name, parameters());
    if (name.isEmpty() || position != text.length()) {
      throw malformed();
    }
    return signature;
  }

  private List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    expect('(');
    if (!at(')')) {
      do {
        parameters.add(parameter());
      } while (skip(','));
    }
    expect(')');
    return parameters;
  }

  private Parameter parameter() {
    spaces();
    AbiType type = at('(') ? new AbiType.Tuple(parameters()) : plain(word());
    while (skip('[')) {
      expect(']');
      type = new AbiType.ListOf(type);
    }
    spaces();
    return new Parameter(type, word());
  }

  private AbiType plain(String name) {
    return switch (name) {
      case "address" -> AbiType.Plain.ADDRESS;
      case "bool" -> AbiType.Plain.BOOL;
      case "bytes" -> AbiType.Plain.BYTES;
      case "string" -> AbiType.Plain.STRING;
      case "uint8" -> new AbiType.Uint(8);
      case "uint64" -> new AbiType.Uint(64);
      case "uint256" -> new AbiType.Uint(256);
      case "bytes4" -> new AbiType.Fixed(4);
      case "bytes32" -> new AbiType.Fixed(32);
      default -> throw malformed();
    };
  }

  private String word() {
    int start = position;
    while (position < text.length() && Character.isJavaIdentifierPart(text.charAt(position))) {
      position++;
    }
    return text.substring(start, position);
  }

  private void spaces() {
    while (at(' ')) {
      position++;
    }
  }

  private boolean at(char expected) {
    return position < text.length() && text.charAt(position) == expected;
  }

  private boolean skip(char expected) {
    boolean there = at(expected);
    position += there ? 1 : 0;
    return there;
  }

  private void expect(char expected) {
    if (!skip(expected)) {
      throw malformed();
    }
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException("no signature at " + position + ": " + text);
  }
}
