package dstack.kms.cli.outcome;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** Answers wrong usage with one sentence and the name of the help that would have prevented it. */
public final class UsageReporter implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException refused, String[] arguments) {
    CommandLine command = refused.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("kms: " + OneLine.of(refused.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(refused, err);
    err.println("see: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitStatus.USAGE.number();
  }
}
