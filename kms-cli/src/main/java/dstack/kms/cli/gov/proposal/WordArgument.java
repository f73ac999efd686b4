package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Word;
import dstack.kms.core.refusal.RefusalException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** 32 bytes on the command line. */
public final class WordArgument implements ITypeConverter<Word> {
  @Override
  public Word convert(String text) {
    try {
      return Word.parse(text);
    } catch (RefusalException e) {
      var wrongUsage = new TypeConversionException(e.text());
      wrongUsage.initCause(e);
      throw wrongUsage;
    }
  }
}
