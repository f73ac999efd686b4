package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.governance.AppTasks;
import dstack.kms.chain.governance.KmsInfo;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.chain.governance.OwnerTasks;
import dstack.kms.chain.governance.Task;
import dstack.kms.cli.input.InputFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Tasks as words, in the order of the commands that do them at once: {@code image add HASH}. */
final class TaskWords {
  static final String FORMS =
      "image|mr|device add|remove HASH; gateway set ID; info set FILE; app-implementation set ADDR;"
          + " app register APP;"
          + " app APP add-hash|remove-hash|add-device|remove-device HASH;"
          + " app APP any-device|require-tcb on|off; app APP disable-upgrades;"
          + " upgrade PROXY IMPLEMENTATION; accept PROXY NEWOWNER";

  private final CommandSpec spec;
  private final Optional<Address> kms;

  TaskWords(CommandSpec spec, Optional<Address> kms) {
    this.spec = spec;
    this.kms = kms;
  }

  /** One task if no word has a space in it, else one for each word. */
  List<Task> tasks(List<String> words) {
    if (words.stream().noneMatch(word -> word.contains(" "))) {
      return List.of(task(words));
    }
    return words.stream().map(word -> task(Arrays.asList(word.strip().split(" +", -1)))).toList();
  }

  private Task task(List<String> words) {
    List<String> padded = new ArrayList<>(words);
    while (padded.size() < 4) {
      padded.add("");
    }
    String last = words.getLast();
    return switch (words.size() + " " + words.getFirst()) {
      case "3 image" -> listed(PolicyList.IMAGE, padded.get(1), last);
      case "3 mr" -> listed(PolicyList.MR, padded.get(1), last);
      case "3 device" -> listed(PolicyList.DEVICE, padded.get(1), last);
      case "3 gateway" -> require(padded.get(1), "set", kms().setGateway(last));
      case "3 info" -> require(padded.get(1), "set", kms().setInfo(info(last)));
      case "3 app-implementation" ->
          require(padded.get(1), "set", kms().setAppImplementation(Address.parse(last)));
      case "3 upgrade" -> new OwnerTasks(Address.parse(padded.get(1))).upgrade(Address.parse(last));
      case "3 accept" -> new OwnerTasks(Address.parse(padded.get(1))).accept(Address.parse(last));
      case "3 app" ->
          padded.get(1).equals("register")
              ? kms().registerApp(Address.parse(last))
              : require(last, "disable-upgrades", app(padded.get(1)).disableUpgrades());
      case "4 app" -> app(app(padded.get(1)), padded.get(2), last);
      default -> throw unknown(String.join(" ", words));
    };
  }

  private Task listed(PolicyList list, String verb, String hash) {
    return switch (verb) {
      case "add" -> list.change(kms(), AddOrRemove.ADD, Word.parse(hash));
      case "remove" -> list.change(kms(), AddOrRemove.REMOVE, Word.parse(hash));
      default -> throw unknown(list.word() + " " + verb);
    };
  }

  private Task app(AppTasks app, String verb, String value) {
    for (AppChange change : AppChange.values()) {
      if (change.word().equals(verb)) {
        return change.task(app, Word.parse(value));
      }
    }
    for (AppSwitch each : AppSwitch.values()) {
      if (each.word().equals(verb)) {
        return each.task(app, onOrOff(value));
      }
    }
    throw unknown("app " + verb);
  }

  private KmsInfo info(String file) {
    try {
      return KmsInfoFile.read(new InputFile.Converter().convert(file));
    } catch (TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private boolean onOrOff(String text) {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw unknown(text);
    };
  }

  private Task require(String word, String expected, Task task) {
    if (!word.equals(expected)) {
      throw unknown(word);
    }
    return task;
  }

  private static AppTasks app(String address) {
    return new AppTasks(Address.parse(address));
  }

  private KmsTasks kms() {
    return new KmsTasks(
        kms.orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "give --kms, or set KMS_CONTRACT_ADDR")));
  }

  private ParameterException unknown(String words) {
    return new ParameterException(
        spec.commandLine(), "unknown task \"" + words + "\"; expected one of: " + FORMS);
  }
}
