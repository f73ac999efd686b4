package dstack.kms.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** All production classes of all modules that the program is made of. */
final class Product {
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("kms-testkit"))
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dstack.kms");

  private Product() {}

  /** The package pattern of one module. */
  static String module(String name) {
    return "dstack.kms." + name + "..";
  }
}
