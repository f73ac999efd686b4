package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.cli.CommandModel;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who decides for the nodes of the chart, and that nobody on the way there can. */
final class ChartAuthorityTest {
  private static final String SERVICE =
      "type = \"webhook\"\nwebhook.url = \"http://auth-api:8000\"";
  private static final String KEY = "\nwebhook.answer_key = \"3059\"";
  private static final Map<String, String> OWN =
      Map.of(
          "authority",
          SERVICE + KEY,
          "authApi.enabled",
          "true",
          "authApi.answerKeySecret",
          "kms-answer-key",
          "authApi.chain",
          "rpc_urls = [\"https://rpc.example.org\"]\ncontract = \"0x"
              + "11".repeat(20)
              + "\"\nchain_id = 8453");

  private static <T extends HasMetadata> T own(Class<T> type, String name) {
    return Chart.manifests(OWN).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(manifest -> manifest.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static PodSpec pod() {
    return own(Deployment.class, "auth-api").getSpec().getTemplate().getSpec();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SERVICE,
        "type = \"webhook\"",
        "type=\"webhook\"\nwebhook.total_timeout = \"5s\"",
        "type = \"chain\"\nchain.rpc_urls = [\"http://helios:8545\"]",
        "type = \"chain\"\nchain.rpc_urls = [\"http://10.0.0.1\"]\n# https://a.example",
      })
  void t16_isNotAskedInTheClearAcrossTheNetworkOfThePods(String authority) {
    assertThatThrownBy(() -> Chart.render(Map.of("authority", authority)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("podNetworkEncrypted");
    assertThat(Chart.render(Map.of("authority", authority, "podNetworkEncrypted", "true")))
        .contains("[core.auth_api]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SERVICE + KEY,
        "type = \"webhook\"\nwebhook.url = \"https://policy.example\"",
        "type = \"file\"\nfile.path = \"/etc/kms/policy.json\"",
      })
  void isAskedWhereNobodyOnTheWayCanAnswer(String authority) {
    assertThat(Chart.render(Map.of("authority", authority))).contains("[core.auth_api]");
  }

  @Test
  void nothingOfAServiceIsThereUnlessItIsAskedFor() {
    assertThat(Chart.manifests(Map.of()).stream().map(it -> it.getMetadata().getName()))
        .noneMatch(name -> name.startsWith("auth-api"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"authApi.answerKeySecret", "authApi.chain"})
  void aServiceThatCannotSignOrReadTheChainIsRefused(String missing) {
    Map<String, String> values = new HashMap<>(OWN);
    values.put(missing, "");
    assertThatThrownBy(() -> Chart.render(values)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void hasOnlyKeysThatKubernetesKnows() {
    List<HasMetadata> manifests =
        Chart.manifests(OWN).stream()
            .filter(it -> it.getMetadata().getName().startsWith("auth-api"))
            .toList();
    assertThat(manifests.stream().map(HasMetadata::getKind))
        .containsExactlyInAnyOrder(
            "ConfigMap", "Service", "Deployment", "NetworkPolicy", "PodDisruptionBudget");
    assertThat(manifests).allSatisfy(each -> assertThat(UnknownKeys.in(each)).isEmpty());
    assertThat(manifests.stream().map(it -> it.getMetadata().getNamespace())).containsOnly("kms");
  }

  @Test
  void readsTheChainThatItIsTold(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("kms.toml"),
            own(ConfigMap.class, "auth-api-config").getData().getOrDefault("kms.toml", ""));
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFile(file.toString()));
    assertThat(config.weakenings()).isEmpty();
    assertThat(config.authority())
        .isInstanceOfSatisfying(
            ChainConfig.class, chain -> assertThat(chain.endpoints()).hasSize(1));
  }

  @Test
  void isStartedAsTheProgramIsAndSignsWithTheKeyOfTheSecret() {
    Container container = pod().getContainers().getFirst();
    List<String> words = container.getCommand();
    assertThat(words.getFirst()).isEqualTo("kms");
    assertThat(
            CommandModel.fresh()
                .parseArgs(words.subList(1, words.size()).toArray(String[]::new))
                .errors())
        .isEmpty();
    assertThat(words).containsSubsequence("--answer-key", "/etc/auth-api/answer.key");
    assertThat(container.getVolumeMounts())
        .anySatisfy(
            mount -> {
              assertThat(mount.getMountPath()).isEqualTo("/etc/auth-api");
              assertThat(mount.getName()).isEqualTo("answer-key");
            });
    assertThat(pod().getVolumes())
        .anySatisfy(
            volume -> {
              assertThat(volume.getName()).isEqualTo("answer-key");
              assertThat(volume.getSecret().getSecretName()).isEqualTo("kms-answer-key");
            });
  }

  @Test
  void runsOnTheSameNodesWithNoMoreRightsThanItNeeds() {
    Container container = pod().getContainers().getFirst();
    assertThat(pod().getNodeSelector()).containsEntry("dstack.kms/confidential-vm", "true");
    assertThat(pod().getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod().getAutomountServiceAccountToken()).isFalse();
    assertThat(pod().getEnableServiceLinks()).isFalse();
    assertThat(container.getImage()).isEqualTo(Chart.IMAGE);
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
  }

  @Test
  void isReachedUnderItsNameByTheNodesAndByMonitoringAlone() {
    Service service = own(Service.class, "auth-api");
    assertThat(service.getSpec().getPorts().getFirst().getPort()).isEqualTo(8000);
    assertThat(service.getSpec().getSelector())
        .isEqualTo(
            own(Deployment.class, "auth-api").getSpec().getTemplate().getMetadata().getLabels());
    NetworkPolicy policy = own(NetworkPolicy.class, "auth-api");
    assertThat(policy.getSpec().getIngress()).hasSize(1);
    assertThat(policy.getSpec().getIngress().getFirst().getFrom()).hasSize(2);
    assertThat(policy.getSpec().getPodSelector().getMatchLabels())
        .isEqualTo(service.getSpec().getSelector());
  }
}
