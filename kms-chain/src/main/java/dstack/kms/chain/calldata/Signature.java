package dstack.kms.chain.calldata;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.util.List;
import java.util.stream.Collectors;

/** The name of a function, error or event with its parameters; overloads differ in it. */
public record Signature(String name, List<Parameter> parameters) {
  /** Keeps a copy. */
  public Signature {
    parameters = List.copyOf(parameters);
  }

  /**
   * Reads the form of Solidity without its keywords, for example {@code schedule(address target,
   * bytes[] payloads, (bytes a, bytes b) pair)}.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Signature parse(String text) {
    return new SignatureParser(text).signature();
  }

  /** The types, in order. */
  public List<AbiType> types() {
    return parameters.stream().map(Parameter::type).toList();
  }

  /** Name and types only, what the selector is the hash of. */
  public String canonical() {
    return types().stream().map(AbiType::text).collect(Collectors.joining(",", name + "(", ")"));
  }

  /** The first 4 bytes of the hash, in front of calldata and of revert data. */
  public Bytes selector() {
    return topic().slice(0, 4);
  }

  /** The hash, 32 bytes: the first topic of an event. */
  public Bytes topic() {
    return Keccak.keccak256(Bytes.utf8(canonical()));
  }

  /** Selector and arguments. */
  public Bytes encode(List<AbiValue> arguments) {
    return Bytes.concat(selector(), AbiEncoder.encode(types(), arguments));
  }

  /** The arguments without the selector, as a constructor takes them. */
  public Bytes encodeArguments(AbiValue... arguments) {
    return AbiEncoder.encode(types(), List.of(arguments));
  }

  /** The arguments in canonical bytes without the selector; refuses any others. */
  public List<AbiValue> decodeArguments(Bytes data) {
    return AbiDecoder.decode(types(), data);
  }
}
