package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.testkit.ProjectRoot;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests are what Kubernetes knows, and say what the server and its keys need. */
final class KubernetesManifestsTest {
  private static final Path FOLDER = ProjectRoot.path().resolve("deploy/kubernetes");

  private static List<HasMetadata> parsed(String yaml) {
    Object parsed = new KubernetesSerialization().unmarshal(yaml);
    List<?> documents = parsed instanceof List<?> several ? several : List.of(parsed);
    return documents.stream().map(HasMetadata.class::cast).toList();
  }

  private static List<HasMetadata> all() throws IOException {
    List<HasMetadata> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".yaml")).sorted().toList()) {
        all.addAll(parsed(Files.readString(file)));
      }
    }
    return all;
  }

  private static <T extends HasMetadata> T one(Class<T> type, String name) throws IOException {
    return all().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(manifest -> manifest.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static PodSpec pod() throws IOException {
    return one(StatefulSet.class, "kms").getSpec().getTemplate().getSpec();
  }

  private static String config() throws IOException {
    return Objects.requireNonNull(one(ConfigMap.class, "kms-config").getData().get("kms.toml"));
  }

  private static KmsConfig load(String toml, Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("kms.toml"), toml);
    return KmsConfig.load(ConfigSources.none().withFile(file.toString()));
  }

  @Test
  void haveOnlyKeysThatKubernetesKnows() throws IOException {
    List<HasMetadata> manifests = all();

    assertThat(manifests.stream().map(HasMetadata::getKind))
        .containsExactly(
            "Namespace",
            "ConfigMap",
            "Service",
            "Service",
            "StatefulSet",
            "PodDisruptionBudget",
            "NetworkPolicy");
    assertThat(manifests).allSatisfy(manifest -> assertThat(UnknownKeys.in(manifest)).isEmpty());
    assertThat(manifests.stream().skip(1).map(it -> it.getMetadata().getNamespace()))
        .containsOnly("kms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"readOnlyRootFilesystem", "runAsNonRoot", "nodeSelector", "failureThreshold"})
  void aMisspeltKeyIsFound(String key) throws IOException {
    String yaml = Files.readString(FOLDER.resolve("40-statefulset.yaml"));
    assertThat(yaml).contains(key);

    assertThat(UnknownKeys.in(parsed(yaml.replace(key, key + "s")).getFirst())).contains(key + "s");
  }

  @Test
  void theConfigurationIsOneThatTheServerTakes(@TempDir Path folder) throws IOException {
    KmsConfig config = load(config(), folder);

    assertThat(config.weakenings()).isEmpty();
    assertThat(config.onboard().peers()).hasSize(3);
    assertThat(config.rpc().listen().socketAddress().getPort())
        .isEqualTo(config.onboard().listen().socketAddress().getPort());
    assertThatThrownBy(() -> load(config().replace("peers =", "peer ="), folder))
        .hasMessageContaining("core.onboard.peer");
  }

  @Test
  void everyPeerIsAPodOfTheSet(@TempDir Path folder) throws IOException {
    StatefulSet set = one(StatefulSet.class, "kms");
    KmsConfig config = load(config(), folder);
    int port = config.rpc().listen().socketAddress().getPort();

    List<String> pods = new ArrayList<>();
    for (int i = 0; i < set.getSpec().getReplicas(); i++) {
      pods.add(
          "https://kms-"
              + i
              + "."
              + set.getSpec().getServiceName()
              + ".kms.svc.cluster.local:"
              + port);
    }
    assertThat(config.onboard().peers().stream().map(url -> url.uri().toString()))
        .containsExactlyElementsOf(pods);
    assertThat(one(Service.class, set.getSpec().getServiceName()).getSpec().getClusterIP())
        .isEqualTo("None");
  }

  @Test
  void thePodHasNoMoreRightsThanItNeeds() throws IOException {
    PodSpec pod = pod();
    Container container = pod.getContainers().getFirst();

    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getImage()).isEqualTo("${KMS_IMAGE}");
  }

  @Test
  void probesAskTheOperationsListener(@TempDir Path folder) throws IOException {
    Container container = pod().getContainers().getFirst();

    assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/ready");
    assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/live");
    assertThat(container.getReadinessProbe().getHttpGet().getPort().getStrVal())
        .isEqualTo("operations");
    assertThat(container.getPorts())
        .anySatisfy(
            port -> {
              assertThat(port.getName()).isEqualTo("operations");
              assertThat(port.getContainerPort())
                  .isEqualTo(
                      load(config(), folder).operations().listen().socketAddress().getPort());
            });
  }

  /** A service called kms-core would give every pod KMS_CORE_PORT, which is no setting. */
  @Test
  void theClusterSetsNoVariablesThatWouldBeReadAsSettings(@TempDir Path folder) throws IOException {
    assertThat(pod().getEnableServiceLinks()).isFalse();
    Path file = Files.writeString(folder.resolve("kms.toml"), config());
    ConfigSources links =
        ConfigSources.none()
            .withFile(file.toString())
            .withEnvironment(java.util.Map.of("KMS_CORE_PORT", "tcp://10.0.0.1:12001"));
    assertThatThrownBy(() -> KmsConfig.load(links)).hasMessageContaining("KMS_CORE_PORT");
  }
}
