package dstack.kms.sim.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.vendor.KeyKind;
import dstack.kms.sim.vendor.SigningScheme;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorFolder;
import dstack.kms.sim.vendor.VendorKey;
import dstack.kms.sim.vendor.VendorRecipe;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyUsage;

/** A simulated Amazon: one root, and below it a regional, a zonal and many instance CAs. */
public final class NitroAuthority {
  private static final String ORGANIZATION = ",OU=AWS,O=SIMULATED Amazon,C=US";
  private static final int CA_USAGE =
      KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.cRLSign;

  private final VendorFolder folder;
  private final String name;

  private NitroAuthority(VendorFolder folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** The maker of enclaves' documents, in the platform's folder. */
  public static NitroAuthority ofEnclaves(Path home, InstantSource clock, SecureRandom random) {
    return open(home, "nitro", "SIMULATED aws.nitro-enclaves", clock, random);
  }

  /** The maker of NitroTPMs' documents, in the platform's folder. */
  public static NitroAuthority ofTpms(Path home, InstantSource clock, SecureRandom random) {
    return open(home, "nitro-tpm", "SIMULATED aws.nitro-tpm", clock, random);
  }

  private static NitroAuthority open(
      Path home, String name, String rootName, InstantSource clock, SecureRandom random) {
    VendorFolder folder =
        VendorFolder.open(
            home.resolve(name),
            new VendorFolder.Root(
                "CN=" + rootName + ORGANIZATION,
                KeyKind.P384,
                SigningScheme.ECDSA_SHA384,
                recipe -> recipe.keyUsage(CA_USAGE)),
            Map.of("regional", KeyKind.P384, "zonal", KeyKind.P384),
            clock,
            random);
    return new NitroAuthority(folder, name);
  }

  /** The keys and the root. */
  public VendorFolder folder() {
    return folder;
  }

  /** The trust anchor's certificate in PEM. */
  public Path rootFile() {
    return folder.rootFile();
  }

  /** The path at which the document server has this maker's lists, without slashes. */
  public String name() {
    return name;
  }

  /** The regional CA, whose revocation list of the root lies below that address. */
  public VendorCertificate regional(String documents) {
    return link(NitroLink.REGIONAL, documents, "", folder.key("regional")).signedBy(folder.root());
  }

  /** The zonal CA. */
  public VendorCertificate zonal(String documents) {
    return link(NitroLink.ZONAL, documents, "", folder.key("zonal")).signedBy(regional(documents));
  }

  /** A certificate as it is usually made, to be changed before it is signed. */
  VendorRecipe link(NitroLink link, String documents, String moduleId, VendorKey key) {
    VendorRecipe recipe = folder.recipe(subject(link, moduleId), key, link.before(), link.after());
    return switch (link) {
      case REGIONAL ->
          recipe
              .authority(2)
              .keyUsage(CA_USAGE)
              .revocationList(documents + "/" + name + "/root.crl");
      case ZONAL ->
          recipe
              .authority(1)
              .keyUsage(CA_USAGE)
              .revocationList(documents + "/" + name + "/regional.crl");
      case INSTANCE -> recipe.authority(0).keyUsage(KeyUsage.keyCertSign);
      case LEAF -> recipe.keyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation);
    };
  }

  private static String subject(NitroLink link, String moduleId) {
    String host =
        switch (link) {
          case REGIONAL -> "5150.us-sim-1.aws.nitro";
          case ZONAL -> "5151.zonal.us-sim-1.aws.nitro";
          case INSTANCE -> moduleId.replaceFirst("-enc.*", "") + ".us-sim-1.aws.nitro";
          case LEAF -> moduleId + ".us-sim-1.aws";
        };
    return "CN=" + host + ORGANIZATION;
  }

  VendorKey freshKey() {
    return folder.freshKey(KeyKind.P384);
  }

  /** Bytes that name a module, the same for every start of the same machine. */
  static Bytes seed(int device) {
    return dstack.kms.core.bytes.Digests.sha256(Bytes.utf8("SIMULATED EC2 instance " + device));
  }
}
