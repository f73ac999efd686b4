package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dstack.kms.core.config.AdminConfig;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.testkit.ProjectRoot;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart renders is what Kubernetes knows, and says what the server and its keys need. */
final class KubernetesChartTest {
  private static final List<HasMetadata> ALL = Chart.manifests(Map.of());

  private static <T extends HasMetadata> T one(Class<T> type, String name) {
    return one(type, name, ALL);
  }

  private static <T extends HasMetadata> T one(
      Class<T> type, String name, List<HasMetadata> manifests) {
    return manifests.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(manifest -> manifest.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static <T extends HasMetadata> T one(
      Class<T> type, String name, Map<String, String> values) {
    return one(type, name, Chart.manifests(values));
  }

  private static PodSpec pod() {
    return one(StatefulSet.class, "kms").getSpec().getTemplate().getSpec();
  }

  private static String config() {
    return toml("kms-config", ALL);
  }

  private static String toml(String name, List<HasMetadata> manifests) {
    return Objects.requireNonNull(one(ConfigMap.class, name, manifests).getData().get("kms.toml"));
  }

  private static KmsConfig load(String toml, Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("kms.toml"), toml);
    return KmsConfig.load(ConfigSources.none().withFile(file.toString()));
  }

  @Test
  void haveOnlyKeysThatKubernetesKnows() {
    assertThat(ALL.stream().map(HasMetadata::getKind))
        .containsExactlyInAnyOrder(
            "ConfigMap",
            "Service",
            "Service",
            "StatefulSet",
            "PodDisruptionBudget",
            "NetworkPolicy");
    assertThat(ALL).allSatisfy(manifest -> assertThat(UnknownKeys.in(manifest)).isEmpty());
    assertThat(ALL.stream().map(it -> it.getMetadata().getNamespace())).containsOnly("kms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"readOnlyRootFilesystem", "runAsNonRoot", "nodeSelector", "failureThreshold"})
  void aMisspeltKeyIsFound(String key) {
    String yaml = Chart.render(Map.of());
    assertThat(yaml).contains(key);

    assertThat(
            Chart.parse(yaml.replace(key, key + "s")).stream()
                .flatMap(manifest -> UnknownKeys.in(manifest).stream()))
        .contains(key + "s");
  }

  /** Lint takes the values of the chart, of which the needed ones are empty on purpose. */
  @Test
  void theLinterOfHelmHasNothingToSayOnceTheNeededValuesAreThere(@TempDir Path folder)
      throws IOException {
    Path chart = ProjectRoot.path().resolve("deploy/kubernetes");
    try (Stream<Path> files = Files.walk(chart)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve("kms").resolve(chart.relativize(file).toString()));
      }
    }
    Path values = folder.resolve("kms/values.yaml");
    String text =
        Files.readString(values)
            .replace("image: \"\"", "image: " + Chart.IMAGE)
            .replace("domain: \"\"", "domain: kms.example.org")
            .replace("authority: \"\"", "authority: 'type = \"file\"'");

    assertThat(new Helm(folder.resolve("kms")).lint().strict().call().isFailed()).isTrue();
    Files.writeString(values, text);
    LintResult linted = new Helm(folder.resolve("kms")).lint().strict().call();
    assertThat(linted.isFailed()).as(String.valueOf(linted.getMessages())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "image, registry.example/dstack-kms:latest",
    "image, ''",
    "domain, ''",
    "domain, 'a\"b'",
    "authority, ''",
    "replicas, 1",
    "identity, 0411",
    "agentSocket, dstack.sock",
    "storage.klass, x",
    "storage.accessMode, ReadWriteMany",
    "podNetworkEncrypted, maybe",
    "egress, all",
    "authApi.enabled, true",
    "imag, x",
  })
  void refusesAValueThatCannotBeMeant(String name, String value) {
    assertThatThrownBy(() -> Chart.render(Map.of(name, value)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void valuesArriveWhereTheyBelong(@TempDir Path folder) throws IOException {
    String identity = "02" + "cd".repeat(32);
    List<HasMetadata> manifests =
        Chart.manifests(
            Map.of(
                "replicas", "5",
                "identity", identity,
                "extra", "[core.metrics]\nenabled = false",
                "storage.class", "other",
                "service.type", "ClusterIP"));
    String toml = toml("kms-config", manifests);

    KmsConfig config = load(toml, folder);
    assertThat(config.onboard().peers()).hasSize(5);
    assertThat(config.metricsEnabled()).isFalse();
    assertThat(toml).contains("identity = \"" + identity + "\"");
    assertThat(manifests).allSatisfy(manifest -> assertThat(UnknownKeys.in(manifest)).isEmpty());
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
  void thePodHasNoMoreRightsThanItNeeds() {
    PodSpec pod = pod();
    Container container = pod.getContainers().getFirst();

    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getImage()).isEqualTo(Chart.IMAGE);
  }

  @Test
  void probesAskTheOperationsListener(@TempDir Path folder) {
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
            .withEnvironment(Map.of("KMS_CORE_PORT", "tcp://10.0.0.1:12001"));
    assertThatThrownBy(() -> KmsConfig.load(links)).hasMessageContaining("KMS_CORE_PORT");
  }

  /** Local volumes that are made beforehand are ReadWriteOnce, and a claim for more never binds. */
  @Test
  void theClaimBindsToAStaticLocalVolume() {
    assertThat(accessModes(Map.of())).containsExactly("ReadWriteOnce");
    assertThat(accessModes(Map.of("storage.accessMode", "ReadWriteOncePod")))
        .containsExactly("ReadWriteOncePod");
  }

  private static List<String> accessModes(Map<String, String> values) {
    return one(StatefulSet.class, "kms", values)
        .getSpec()
        .getVolumeClaimTemplates()
        .getFirst()
        .getSpec()
        .getAccessModes();
  }

  @Test
  void theAdminListenerIsThereOnceItsTokenIs(@TempDir Path folder) throws IOException {
    assertThat(load(config(), folder).admin().enabled()).isFalse();

    List<HasMetadata> manifests = Chart.manifests(Map.of("adminTokenSecret", "kms-admin"));
    Path file = Files.writeString(folder.resolve("kms.toml"), toml("kms-config", manifests));
    ConfigSources sources = ConfigSources.none().withFile(file.toString());
    assertThatThrownBy(() -> KmsConfig.load(sources)).hasMessageContaining("auth_token");

    EnvVar token =
        environment(manifests).stream()
            .filter(each -> each.getValueFrom() != null)
            .findFirst()
            .orElseThrow();
    assertThat(token.getValueFrom().getSecretKeyRef().getName()).isEqualTo("kms-admin");
    AdminConfig admin =
        KmsConfig.load(sources.withEnvironment(Map.of(token.getName(), "t".repeat(32)))).admin();
    assertThat(admin.token()).isPresent();
    assertThat(admin.listen().address().isLoopbackAddress()).isTrue();
  }

  @Test
  void furtherVariablesReachTheServer() {
    List<HasMetadata> manifests =
        Chart.manifests(Map.of("extraEnv[0].name", "ETH_RPC_URL", "extraEnv[0].value", "x"));
    assertThat(environment(manifests).stream().map(EnvVar::getName))
        .containsExactly("DSTACK_AGENT_ADDRESS", "ETH_RPC_URL");
  }

  private static List<EnvVar> environment(List<HasMetadata> manifests) {
    return one(StatefulSet.class, "kms", manifests)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv();
  }

  @Test
  void monitoringAndPeersReachTheOperationsListener() {
    NetworkPolicyIngressRule rule =
        one(NetworkPolicy.class, "kms").getSpec().getIngress().stream()
            .filter(each -> each.getPorts().getFirst().getPort().getIntVal() == 8002)
            .findFirst()
            .orElseThrow();
    assertThat(rule.getFrom()).hasSize(2);
    assertThat(rule.getFrom().getFirst().getNamespaceSelector().getMatchLabels())
        .containsValue("monitoring");
    assertThat(rule.getFrom().getLast().getPodSelector().getMatchLabels()).containsValue("kms");
  }

  /** Beside names and the ports of HTTP nothing is reached that is not said. */
  @Test
  void whatElseMayBeReachedIsAdded() {
    assertThat(ports(one(NetworkPolicy.class, "kms"))).containsOnly(53, 12001, 8002, 8000, 443, 80);
    Map<String, String> more =
        Map.of("egress[0].ports[0].protocol", "TCP", "egress[0].ports[0].port", "8545");
    assertThat(ports(one(NetworkPolicy.class, "kms", more))).contains(8545);
  }

  private static List<Integer> ports(NetworkPolicy policy) {
    return policy.getSpec().getEgress().stream()
        .flatMap(rule -> rule.getPorts().stream())
        .map(port -> port.getPort().getIntVal())
        .toList();
  }

  @Test
  void prometheusScrapesThePodsOfTheSet() throws IOException {
    StatefulSet set = one(StatefulSet.class, "kms");
    String text = Files.readString(ProjectRoot.path().resolve("deploy/prometheus/prometheus.yaml"));
    for (int i = 0; i < set.getSpec().getReplicas(); i++) {
      assertThat(text)
          .contains("\"kms-" + i + "." + set.getSpec().getServiceName() + ".kms.svc:8002\"");
    }
  }
}
