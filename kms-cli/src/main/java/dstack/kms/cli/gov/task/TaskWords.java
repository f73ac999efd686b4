package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.governance.AppTasks;
import dstack.kms.chain.governance.KmsInfo;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.chain.governance.OwnerTasks;
import dstack.kms.chain.governance.PolicyHash;
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
      case "3 image" -> image(padded.get(1), last);
      case "3 mr" -> measurement(padded.get(1), last);
      case "3 device" -> device(padded.get(1), last);
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

  private Task image(String verb, String hash) {
    return switch (verb) {
      case "add" -> kms().addImage(PolicyHash.parse(hash));
      case "remove" -> kms().removeImage(Word.parse(hash));
      default -> throw unknown("image " + verb);
    };
  }

  private Task measurement(String verb, String hash) {
    return switch (verb) {
      case "add" -> kms().addMr(PolicyHash.parse(hash));
      case "remove" -> kms().removeMr(Word.parse(hash));
      default -> throw unknown("mr " + verb);
    };
  }

  private Task device(String verb, String hash) {
    return switch (verb) {
      case "add" -> kms().addDevice(PolicyHash.parse(hash));
      case "remove" -> kms().removeDevice(Word.parse(hash));
      default -> throw unknown("device " + verb);
    };
  }

  private Task app(AppTasks app, String verb, String value) {
    return switch (verb) {
      case "add-hash" -> app.addHash(PolicyHash.parse(value));
      case "remove-hash" -> app.removeHash(Word.parse(value));
      case "add-device" -> app.addDevice(PolicyHash.parse(value));
      case "remove-device" -> app.removeDevice(Word.parse(value));
      case "any-device" -> app.setAnyDevice(onOrOff(value));
      case "require-tcb" -> app.setRequireTcb(onOrOff(value));
      default -> throw unknown("app " + verb);
    };
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
