package dstack.kms.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** Readers of JSON that others wrote keep no names, and build no tree without an end. */
final class ForeignJsonRuleTest {
  private static final Set<String> READING = Set.of("readTree", "readValue", "createParser");

  /** Read what the operator, the build or this program wrote, or run once and end. */
  private static final Set<String> OWN =
      Set.of(
          "dstack.kms.chain.contract.ArtifactJson",
          "dstack.kms.chain.proposal.JsonMembers",
          "dstack.kms.chain.signing.KeyFile",
          "dstack.kms.chain.watch.WatchStateFile",
          "dstack.kms.cli.audit.HumanLine",
          "dstack.kms.cli.dev.FilePolicy",
          "dstack.kms.cli.dev.GovDesk",
          "dstack.kms.cli.gov.read.BootInfoFile",
          "dstack.kms.cli.gov.task.KmsInfoFile",
          "dstack.kms.cli.status.NodeStatus",
          "dstack.kms.cli.status.ReadyAnswer",
          "dstack.kms.cli.verify.AttestationAnswer",
          "dstack.kms.core.authority.PolicyJson",
          "dstack.kms.core.config.JsonLayer",
          "dstack.kms.core.store.BootstrapInfo",
          "dstack.kms.onboard.epoch.ReleaseHistory");

  static List<JavaClass> readers() {
    return Product.CLASSES.stream()
        .filter(each -> !each.getPackageName().startsWith("dstack.kms.sim"))
        .filter(each -> !OWN.contains(each.getName()))
        .filter(ForeignJsonRuleTest::reads)
        .toList();
  }

  private static boolean reads(JavaClass each) {
    return each.getMethodCallsFromSelf().stream()
        .anyMatch(
            call ->
                READING.contains(call.getName())
                    && call.getTargetOwner().getPackageName().startsWith("tools.jackson"));
  }

  @ParameterizedTest
  @MethodSource("readers")
  void readsOthersJsonWithoutKeepingItsNamesAndTreesWithAnEnd(JavaClass reader) throws Exception {
    List<JavaField> sources =
        reader.getFields().stream()
            .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
            .filter(
                field ->
                    field.getRawType().isEquivalentTo(JsonMapper.class)
                        || field.getRawType().isEquivalentTo(JsonFactory.class))
            .toList();
    assertThat(sources).as("where %s gets its parsers", reader.getName()).hasSize(1);
    Field field = sources.getFirst().reflect();
    field.setAccessible(true);
    Object source = field.get(null);
    boolean makesTrees = source instanceof JsonMapper;
    TokenStreamFactory factory =
        source instanceof JsonMapper mapper
            ? mapper.tokenStreamFactory()
            : (TokenStreamFactory) source;
    assertThat(factory.isEnabled(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)).isFalse();
    assertThat(factory.streamReadConstraints().hasMaxTokenCount() || !makesTrees).isTrue();
  }

  @Test
  void knowsAllOfThem() {
    assertThat(readers()).hasSizeGreaterThanOrEqualTo(8);
    for (String name : OWN) {
      assertThat(reads(Product.CLASSES.get(name))).as(name).isTrue();
    }
  }
}
