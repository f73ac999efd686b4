package dstack.kms.cli.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import dstack.kms.testkit.ProjectRoot;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The chart in {@code deploy/kubernetes}, rendered by the engine of Helm itself. */
final class Chart {
  static final String IMAGE = "registry.example/dstack-kms@sha256:" + "ab".repeat(32);

  static final String CHAIN =
      """
      type = "chain"
      chain.rpc_urls = ["https://rpc.example.org"]
      chain.contract = "0x%s"
      chain.chain_id = 8453\
      """
          .formatted("11".repeat(20));

  private static final Map<String, String> NEEDED =
      Map.of(
          "image", IMAGE,
          "domain", "kms.example.org",
          "authority", CHAIN);

  private Chart() {}

  /** What would be applied with these values beside those that every installation must give. */
  static String render(Map<String, String> values) {
    Map<String, String> all = new TreeMap<>(NEEDED);
    all.putAll(values);
    TemplateCommand command =
        new Helm(ProjectRoot.path().resolve("deploy/kubernetes"))
            .template()
            .withName("kms")
            .withNamespace("kms")
            .withKubeVersion("1.30.0");
    all.forEach(command::set);
    return command.call();
  }

  static List<HasMetadata> manifests(Map<String, String> values) {
    return parse(render(values));
  }

  static List<HasMetadata> parse(String yaml) {
    Object parsed = new KubernetesSerialization().unmarshal(yaml);
    List<?> documents = parsed instanceof List<?> several ? several : List.of(parsed);
    return documents.stream().map(HasMetadata.class::cast).toList();
  }
}
