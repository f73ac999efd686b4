package dstack.kms.cli.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dstack.kms.attest.issuer.Reach;
import dstack.kms.attest.platform.VerifiedPlatform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dependencies point downwards only (specification 00 §3). */
final class ModuleBoundariesTest {
  @ParameterizedTest
  @CsvSource({
    "core, chain",
    "core, attest",
    "core, sim",
    "core, rpc",
    "core, client",
    "core, onboard",
    "core, cli",
    "chain, attest",
    "chain, sim",
    "chain, rpc",
    "chain, onboard",
    "chain, cli",
    "attest, chain",
    "attest, sim",
    "attest, rpc",
    "attest, client",
    "attest, onboard",
    "attest, cli",
    "sim, rpc",
    "sim, client",
    "sim, onboard",
    "sim, cli",
    "sim, chain",
    "rpc, chain",
    "rpc, sim",
    "rpc, client",
    "rpc, onboard",
    "rpc, cli",
    "client, chain",
    "client, sim",
    "client, onboard",
    "client, cli",
    "onboard, chain",
    "onboard, client",
    "onboard, sim",
    "onboard, cli",
  })
  void neverLooksUpwards(String lower, String upper) {
    noClasses()
        .that()
        .resideInAPackage(Product.module(lower))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(Product.module(upper))
        .allowEmptyShould(true)
        .check(Product.CLASSES);
  }

  @Test
  void reachesTheSimulatedPlatformOnlyFromTheCommandsThatSaySo() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dstack.kms.sim..", "dstack.kms.cli.sim..", "dstack.kms.cli.dev..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dstack.kms.sim..")
        .check(Product.CLASSES);
  }

  @Test
  void hasNoCyclesBetweenPackages() {
    slices().matching("dstack.kms.(**)").should().beFreeOfCycles().check(Product.CLASSES);
  }

  /** Programs of enclaves take the client into their own process: no server comes with it. */
  @Test
  void keepsTheServerOutOfTheClient() {
    noClasses()
        .that()
        .resideInAPackage("dstack.kms.client..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dstack.kms.rpc.kms..",
            "dstack.kms.rpc.http..",
            "dstack.kms.rpc.admin..",
            "dstack.kms.rpc.metrics..",
            "dstack.kms.rpc.health..")
        .check(Product.CLASSES);
  }

  @ParameterizedTest
  @CsvSource({"core", "chain", "attest", "sim", "client"})
  void keepsNettyOutOfWhatDecides(String module) {
    noClasses()
        .that()
        .resideInAPackage(Product.module(module))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .allowEmptyShould(true)
        .check(Product.CLASSES);
  }

  /** The interface cannot be sealed across packages; this is what seals it. */
  @Test
  void letsOnlyThePlatformsSayWhatEvidenceProves() {
    assertThat(
            Product.CLASSES.stream()
                .filter(type -> type.isAssignableTo(VerifiedPlatform.class))
                .filter(type -> !type.isInterface())
                .map(JavaClass::getName))
        .containsExactlyInAnyOrder(
            "dstack.kms.attest.tdx.VerifiedTdx",
            "dstack.kms.attest.gcp.VerifiedGcpTdx",
            "dstack.kms.attest.nitro.VerifiedNitroEnclave",
            "dstack.kms.attest.nitro.VerifiedNitroTpm",
            "dstack.kms.attest.snp.VerifiedSevSnp");
  }

  /** Loopback is for the simulated platform; one class of the server decides, by both switches. */
  @Test
  void letsOnlyTheWiringOfRootsReachLoopback() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dstack.kms.attest.issuer..", "dstack.kms.cli.dev..")
        .and()
        .doNotHaveFullyQualifiedName("dstack.kms.onboard.node.IssuerSources")
        .should()
        .accessField(Reach.class, "PUBLIC_AND_LOOPBACK")
        .check(Product.CLASSES);
  }

  @Test
  void keepsPolicyAndKeysOutOfVerification() {
    noClasses()
        .that()
        .resideInAPackage("dstack.kms.attest..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dstack.kms.core.authority..",
            "dstack.kms.core.derivation..",
            "dstack.kms.core.store..")
        .check(Product.CLASSES);
  }

  @Test
  void needsNoTestLibraryToRun() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dstack.kms.testkit..", "org.junit..", "org.assertj..", "net.jqwik..")
        .check(Product.CLASSES);
  }

  @Test
  void seesTheClassesOfEveryModuleBelow() {
    assertThat(Product.CLASSES.containPackage("dstack.kms.core")).isTrue();
    assertThat(Product.CLASSES.containPackage("dstack.kms.attest")).isTrue();
    classes().should().resideInAPackage("dstack.kms..").check(Product.CLASSES);
  }
}
