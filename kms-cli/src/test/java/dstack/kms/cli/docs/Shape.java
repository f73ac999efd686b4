package dstack.kms.cli.docs;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The commands, options and parameters of a program with their numbers and groups, and any text as
 * a value: what can be held against a page that names values by placeholders.
 */
final class Shape {
  private static final Nowhere NOWHERE = new Nowhere();
  private static final ITypeConverter<?>[] NONE = {};
  private static final ITypeConverter<?>[] AS_THEY_ARE = {value -> value, value -> value};

  private Shape() {}

  static CommandLine of(CommandLine original) {
    CommandSpec from = original.getCommandSpec();
    CommandSpec to = CommandSpec.wrapWithoutInspection(List.of()).name(from.name());
    for (ArgSpec arg : from.args()) {
      if (arg.group() == null) {
        to.add(copy(arg));
      }
    }
    from.argGroups().forEach(group -> to.addArgGroup(copy(group)));
    CommandLine copy = new CommandLine(to);
    for (Map.Entry<String, CommandLine> sub : original.getSubcommands().entrySet()) {
      copy.addSubcommand(sub.getKey(), of(sub.getValue()));
    }
    return copy;
  }

  private static ArgGroupSpec copy(ArgGroupSpec group) {
    ArgGroupSpec.Builder copy =
        ArgGroupSpec.builder()
            .exclusive(group.exclusive())
            .multiplicity(group.multiplicity())
            .validate(group.validate());
    group.args().forEach(arg -> copy.addArg(copy(arg)));
    group.subgroups().forEach(sub -> copy.addSubgroup(copy(sub)));
    return copy.build();
  }

  private static ArgSpec copy(ArgSpec arg) {
    ITypeConverter<?>[] converters = arg.arity().max() == 0 ? NONE : AS_THEY_ARE;
    return switch (arg) {
      case OptionSpec option ->
          OptionSpec.builder(option).converters(converters).getter(NOWHERE).setter(NOWHERE).build();
      case PositionalParamSpec parameter ->
          PositionalParamSpec.builder(parameter)
              .converters(converters)
              .getter(NOWHERE)
              .setter(NOWHERE)
              .build();
      default -> throw new IllegalArgumentException(arg.toString());
    };
  }

  /** Keeps nothing. */
  private static final class Nowhere implements IGetter, ISetter {
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // picocli's interface wants it
    public <T> @Nullable T get() {
      return null;
    }

    @Override
    public <T> T set(T value) {
      return value;
    }
  }
}
