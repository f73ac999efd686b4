package dstack.kms.core.store;

import dstack.kms.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The bytes of each file of a set, in the order of writing; closing erases them. */
final class SetContents implements AutoCloseable {
  private final Map<KeyFile, Secret> byFile = new EnumMap<>(KeyFile.class);

  private SetContents() {}

  static SetContents of(KeyMaterial material) {
    SetContents contents = of(CertificateUpdate.all(material.certificates()));
    material.bootstrapInfo().ifPresent(info -> contents.text(KeyFile.BOOTSTRAP_INFO, info.json()));
    contents.text(KeyFile.RPC_DOMAIN, material.domain());
    contents.byFile.put(KeyFile.TMP_CA_KEY, material.keys().tmpCa().copy());
    contents.byFile.put(KeyFile.RPC_KEY, material.keys().rpc().copy());
    contents.byFile.put(KeyFile.ROOT_K256_KEY, material.keys().k256().copy());
    contents.byFile.put(KeyFile.ROOT_CA_KEY, material.keys().rootCa().copy());
    return contents;
  }

  static SetContents of(CertificateUpdate update) {
    SetContents contents = new SetContents();
    update.tmpCa().ifPresent(pem -> contents.text(KeyFile.TMP_CA_CERT, pem));
    update.rootCa().ifPresent(pem -> contents.text(KeyFile.ROOT_CA_CERT, pem));
    update.rpc().ifPresent(pem -> contents.text(KeyFile.RPC_CERT, pem));
    return contents;
  }

  Map<KeyFile, Secret> byFile() {
    return Collections.unmodifiableMap(byFile);
  }

  private void text(KeyFile file, String text) {
    byFile.put(file, Secret.takeOver(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    byFile.values().forEach(Secret::close);
  }
}
