package dstack.kms.onboard.epoch;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.derivation.KeyDerivation;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is pinned to the roots of one generation: what has to be moved before they can
 * go. All values are public; disk keys have none that could be shown.
 *
 * @param epoch the generation
 * @param roots what it is known by
 * @param pins what hangs on the roots themselves, then what hangs on each application's keys
 * @param apps the applications that are known to have keys of it
 */
public record EpochPins(int epoch, RootIdentity roots, List<Pin> pins, List<AppReleases> apps) {
  public EpochPins {
    pins = List.copyOf(pins);
    apps = List.copyOf(apps);
  }

  /**
   * Lists them.
   *
   * @param apps those that the audit log or the operator names
   * @throws dstack.kms.core.refusal.RefusalException if that generation has no keys here
   */
  public static EpochPins of(EpochInventory inventory, int epoch, List<AppReleases> apps) {
    return inventory.with(
        epoch,
        roots -> {
          List<Pin> pins = new ArrayList<>(RootPins.of(roots.identity()));
          apps.forEach(app -> pins.addAll(ofApp(app, roots.derivation())));
          return new EpochPins(epoch, roots.identity(), pins, apps);
        });
  }

  private static List<Pin> ofApp(AppReleases releases, KeyDerivation keys) {
    AppId app = releases.app();
    String name = "app " + app.value().hex() + ": ";
    return List.of(
        new Pin(
            name + "disks",
            instances(releases),
            "the encrypted disks of these instances",
            "a disk cannot be opened again: its key is a function of the root and the two ids",
            "copy or re-encrypt the data while both epochs run; there is no other way"),
        new Pin(
            name + "environment",
            keys.envPublicKey(app).hex(),
            "encrypted_env of its deployments, encrypted to this X25519 key",
            "an instance of the next epoch cannot read it",
            "encrypt the variables again to the key that a node of the next epoch answers"),
        new Pin(
            name + "k256 key",
            k256(app, keys),
            "contracts and accounts that know this key, and every key that the guest derives",
            "the application signs with another key",
            "hand over on chain, signed by the old key, while both epochs run"),
        new Pin(
            name + "CA",
            "sha256 of the key " + ca(app, keys),
            "leaf certificates from SignCert and whoever trusts their chain",
            "no further leaf of this CA; those signed stay valid until they end",
            "let peers trust both root CAs, sign new leaves, then drop the old root CA"));
  }

  private static String instances(AppReleases releases) {
    return releases.instances().isEmpty()
        ? "instances not recorded"
        : String.join(
            ", ",
            releases.instances().keySet().stream()
                .sorted()
                .map(id -> id.isEmpty() ? "shared by all instances" : id)
                .toList());
  }

  private static String k256(AppId app, KeyDerivation keys) {
    try (Secp256k1PrivateKey key = keys.appK256Key(app)) {
      return key.publicKey().compressed().hex();
    }
  }

  private static String ca(AppId app, KeyDerivation keys) {
    try (P256PrivateKey key = keys.appCaKey(app)) {
      return Digests.sha256(key.publicKey().subjectPublicKeyInfo()).hex();
    }
  }
}
