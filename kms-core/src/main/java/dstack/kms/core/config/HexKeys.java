package dstack.kms.core.config;

import dstack.kms.core.answer.AnswerKey;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The keys of a table that hold bytes in hexadecimal digits. */
record HexKeys(TableReader table) {
  /** So many bytes in hexadecimal, or none. */
  Optional<Bytes> optional(String name, int length) {
    return table.read(
        name,
        Optional.empty(),
        found -> ConfigText.hex(ConfigText.string(found), length),
        bytes -> bytes.map(Bytes::hex).orElse(""));
  }

  /**
   * A subject public key info of P-256 in hexadecimal digits; none only where the setting is left
   * out, as an empty text would switch the check off unseen.
   */
  Optional<AnswerKey> answerKey(String name) {
    return table.read(
        name,
        Optional.empty(),
        found ->
            Optional.of(
                ConfigText.hex(ConfigText.string(found), AnswerKey.LENGTH)
                    .flatMap(AnswerKey::of)
                    .orElseThrow(
                        () ->
                            ConfigText.bad(
                                "must be a P-256 public key; without the key no answer need be"
                                    + " signed"))),
        key -> key.map(AnswerKey::text).orElse(""));
  }

  /** A contract's address; a variable of the original is asked where no source has the key. */
  Optional<Bytes> address(String name, List<String> variables) {
    return table.readOr(
        name,
        variables,
        Optional.empty(),
        value -> ConfigText.contract(ConfigText.string(value)),
        address -> address.map(bytes -> "0x" + bytes.hex()).orElse(""));
  }

  List<Bytes> addresses(String name) {
    return list(
        name,
        text -> ConfigText.contract(text).orElseThrow(() -> ConfigText.bad("must not be empty")),
        address -> "0x" + address.hex());
  }

  /** Hashes of 32 bytes, with or without {@code 0x}. */
  List<Bytes> hashes(String name) {
    return list(
        name,
        text ->
            ConfigText.hex(text.startsWith("0x") ? text.substring(2) : text, 32)
                .orElseThrow(() -> ConfigText.bad("must not be empty")),
        hash -> "0x" + hash.hex());
  }

  private List<Bytes> list(
      String name, Function<String, Bytes> parse, Function<Bytes, String> show) {
    return new Section(table).list(name, parse, show);
  }
}
