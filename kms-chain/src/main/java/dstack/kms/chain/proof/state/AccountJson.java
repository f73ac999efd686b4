package dstack.kms.chain.proof.state;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads answers to {@code eth_getProof}. Numbers are taken with and without leading zeros, as
 * clients differ in it; what they say is compared with what is proved anyway.
 */
final class AccountJson {
  private static final int MOST = 128;
  private static final Pattern NUMBER = Pattern.compile("0x[0-9a-fA-F]{1,64}");
  private static final Pattern HASH = Pattern.compile("0x[0-9a-fA-F]{64}");
  private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");
  private static final Pattern NODE = Pattern.compile("0x(?:[0-9a-fA-F]{2}){1,8192}+");

  private AccountJson() {}

  static UnverifiedAccount parse(JsonNode answer) {
    AccountState claimed =
        new AccountState(
            number(answer, "nonce"),
            number(answer, "balance"),
            new Word(hex(answer, "storageHash", HASH)),
            new Word(hex(answer, "codeHash", HASH)));
    return new UnverifiedAccount(
        new Address(hex(answer, "address", ADDRESS)),
        claimed,
        nodes(answer, "accountProof"),
        each(answer, "storageProof", AccountJson::slot));
  }

  private static UnverifiedAccount.Slot slot(JsonNode slot) {
    return new UnverifiedAccount.Slot(
        Word.of(number(slot, "key")), Word.of(number(slot, "value")), nodes(slot, "proof"));
  }

  private static List<Bytes> nodes(JsonNode parent, String member) {
    return each(parent, member, node -> digits(member, text(node), NODE));
  }

  private static BigInteger number(JsonNode parent, String member) {
    String text = text(parent.path(member));
    if (!NUMBER.matcher(text).matches()) {
      throw form(member);
    }
    return new BigInteger(text.substring(2), 16);
  }

  private static Bytes hex(JsonNode parent, String member, Pattern form) {
    return digits(member, text(parent.path(member)), form);
  }

  private static Bytes digits(String member, String text, Pattern form) {
    if (!form.matcher(text).matches()) {
      throw form(member);
    }
    return Bytes.fromHex(text.substring(2).toLowerCase(Locale.ROOT));
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : "";
  }

  private static <T> List<T> each(JsonNode parent, String member, Function<JsonNode, T> read) {
    JsonNode list = parent.path(member);
    if (!list.isArray() || list.size() > MOST) {
      throw form(member);
    }
    List<T> values = new ArrayList<>();
    for (JsonNode item : list) {
      values.add(read.apply(item));
    }
    return values;
  }

  private static RefusalException form(String member) {
    return new RefusalException(
        StateRefusal.ANSWER_FORM,
        "the answer to eth_getProof has no " + member + " of the expected form");
  }
}
