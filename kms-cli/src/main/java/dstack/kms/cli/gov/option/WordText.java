package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Word;
import dstack.kms.core.refusal.RefusalException;
import picocli.CommandLine.ITypeConverter;

/** 32 bytes on the command line. */
public final class WordText implements ITypeConverter<Word> {
  @Override
  public Word convert(String text) {
    try {
      return Word.parse(text);
    } catch (RefusalException e) {
      throw AddressText.wrong(e);
    }
  }
}
