package dstack.kms.onboard.epoch;

import java.util.List;

/** What is pinned to the two roots themselves, whichever applications there are. */
final class RootPins {
  private RootPins() {}

  static List<Pin> of(RootIdentity roots) {
    String k256 = roots.k256().compressed().hex();
    String ca = roots.keyProviderId().hex();
    return List.of(
        new Pin(
            "key_provider_id",
            ca,
            "app-compose.json of applications that name it, and so their compose hash",
            "an application that names it refuses a KMS with another root CA",
            "write the next epoch's value, register the new compose hash, deploy anew"),
        new Pin(
            "root CA in running guests",
            "sha256 of the key " + roots.keyProviderDigest().hex(),
            "ca_cert that each guest got at its boot (GetTempCaCert, GetAppKey, GetMeta)",
            "guests refuse the TLS certificate of a node of another epoch until they boot again",
            "keep nodes of both epochs up under their own names; boot with the new URL"),
        new Pin(
            "kmsInfo.caPubkey",
            "0x" + ca,
            "KMS contract, set by its owner",
            "verifiers that read the chain expect this root CA",
            "kms gov info set with bootstrap-info.json of the next epoch"),
        new Pin(
            "kmsInfo.k256Pubkey",
            "0x" + k256,
            "KMS contract, set by its owner",
            "verifiers that read the chain refuse keys and signatures of another root",
            "the same call; quote and eventlog of that entry change with it"),
        new Pin(
            "k256 root in verifiers",
            k256 + " (account 0x" + roots.address().hex() + ")",
            "SDKs and contracts that check signature chains of applications or env public keys",
            "every k256_signature and env public key signature of the next epoch is refused",
            "accept both roots while both serve; epoch-endorsement.json ties the new to the old"),
        new Pin(
            "core.onboard.identity",
            k256,
            "kms.toml of nodes that take their keys from peers",
            "they refuse a source of another epoch",
            "set it together with core.epoch, core.onboard.peers and the endorsement"),
        new Pin(
            "gateway application",
            "gatewayAppId of the KMS contract",
            "its app keys and certificates hang on this root like those of any application",
            "gateway and applications of different epochs do not trust each other's certificates",
            "run a gateway for the next epoch; move it before the applications behind it"),
        new Pin(
            "backups",
            k256,
            "sealed backups of this root, with their holders",
            "they restore this epoch only",
            "make a backup of the next epoch; keep the old one as long as any disk needs it"));
  }
}
