package dstack.kms.cli.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Rules of the house that a machine can hold. */
final class HouseStyleTest {
  private static final String GENERATED = "dstack.kms.rpc.proto";

  @Test
  void marksEveryPackageAsFreeOfNulls() {
    List<String> unmarked =
        Product.CLASSES.getPackage("dstack.kms").getSubpackagesInTree().stream()
            .filter(each -> !each.getClasses().isEmpty())
            .filter(each -> !each.getName().equals(GENERATED))
            .filter(each -> !isNullMarked(each))
            .map(JavaPackage::getName)
            .toList();

    assertThat(unmarked).isEmpty();
  }

  private static boolean isNullMarked(JavaPackage each) {
    return each.tryGetPackageInfo()
        .map(info -> info.isAnnotatedWith(NullMarked.class))
        .orElse(false);
  }

  @Test
  void namesPackagesForTheDomain() {
    noClasses()
        .should()
        .resideInAnyPackage(
            Stream.of("util", "utils", "common", "helper", "helpers", "impl", "manager", "misc")
                .map(name -> ".." + name + "..")
                .toArray(String[]::new))
        .check(Product.CLASSES);
  }

  @Test
  void namesClassesForTheDomain() {
    noClasses()
        .that()
        .resideOutsideOfPackage(GENERATED)
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(Product.CLASSES);
  }

  @Test
  void letsOnlyTheVerifierBuildWhatIsVerified() {
    constructors()
        .that()
        .areDeclaredInClassesThat()
        .haveSimpleNameStartingWith("Verified")
        .should()
        .notBePublic()
        .andShould()
        .notBeProtected()
        .allowEmptyShould(true)
        .check(Product.CLASSES);
  }

  @Test
  void closesEveryClassToInheritanceUnlessItIsMadeForIt() {
    classes()
        .that()
        .resideOutsideOfPackage(GENERATED)
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .and(describe("are not sealed", each -> !isSealed(each)))
        .should()
        .haveModifier(JavaModifier.FINAL)
        .orShould()
        .haveModifier(JavaModifier.ABSTRACT)
        .orShould()
        .haveSimpleName("package-info")
        .check(Product.CLASSES);
  }

  private static boolean isSealed(JavaClass each) {
    return each.reflect().isSealed();
  }
}
