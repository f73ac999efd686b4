package dstack.kms.sim.snp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.vendor.KeyKind;
import dstack.kms.sim.vendor.SigningScheme;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorFolder;
import dstack.kms.sim.vendor.VendorKey;
import dstack.kms.sim.vendor.VendorRecipe;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x509.KeyUsage;

/** A simulated AMD for one product: ARK, ASK, and the key of every chip at every TCB. */
public final class SnpAuthority {
  private static final String ORGANIZATION =
      ",O=SIMULATED Advanced Micro Devices,ST=CA,L=Nowhere,C=US,OU=Engineering";
  private static final String AMD = "1.3.6.1.4.1.3704.1.";
  private static final Duration YEARS = Duration.ofDays(7 * 365);
  private static final Duration DAY = Duration.ofDays(1);

  private final SnpProduct product;
  private final VendorFolder folder;

  private SnpAuthority(SnpProduct product, VendorFolder folder) {
    this.product = product;
    this.folder = folder;
  }

  /** The maker of the product's chips, in the platform's folder. */
  public static SnpAuthority open(
      Path home, SnpProduct product, InstantSource clock, SecureRandom random) {
    VendorFolder folder =
        VendorFolder.open(
            home.resolve("sev-snp-" + product.title().toLowerCase(Locale.ROOT)),
            new VendorFolder.Root(
                "CN=ARK-" + product.title() + ORGANIZATION,
                KeyKind.RSA,
                SigningScheme.RSA_PSS_SHA384,
                recipe -> recipe),
            Map.of("ask", KeyKind.RSA),
            clock,
            random);
    return new SnpAuthority(product, folder);
  }

  /** The product whose chips it certifies. */
  public SnpProduct product() {
    return product;
  }

  /** The keys and the root. */
  public VendorFolder folder() {
    return folder;
  }

  /** The ARK, the trust anchor. */
  public VendorCertificate ark() {
    return folder.root();
  }

  /** The ASK, which certifies chips; it names the root's list below that address. */
  public VendorCertificate ask(String documents) {
    return askRecipe(documents).signedBy(ark());
  }

  VendorRecipe askRecipe(String documents) {
    return folder
        .recipe("CN=SEV-" + product.title() + ORGANIZATION, folder.key("ask"), DAY, YEARS)
        .authority(0)
        .keyUsage(KeyUsage.keyCertSign)
        .signsWith(SigningScheme.RSA_PSS_SHA384)
        .revocationList(documents + "/vcek/v1/" + product.title() + "/crl");
  }

  /** The chip's key at that TCB, certified; the same whenever it is asked for. */
  public VendorCertificate vcek(String documents, SnpChip chip, SnpTcb tcb) {
    return vcekRecipe("SEV-VCEK", key(chip, tcb), chip, tcb).signedBy(ask(documents));
  }

  VendorKey key(SnpChip chip, SnpTcb tcb) {
    Bytes secret = folder.key("ask").secretFor("VCEK");
    return VendorKey.derived(Digests.sha512(secret, chip.id(), tcb.wire(product)));
  }

  VendorRecipe vcekRecipe(String name, VendorKey key, SnpChip chip, SnpTcb tcb) {
    VendorRecipe recipe =
        folder
            .recipe("CN=" + name + ORGANIZATION, key, DAY, YEARS)
            .bare()
            .extension(AMD + "1", false, new ASN1Integer(0))
            .extension(AMD + "2", false, new DERIA5String(chip.product().stepping()))
            .extension(AMD + "3.1", false, new ASN1Integer(tcb.bootloader()))
            .extension(AMD + "3.2", false, new ASN1Integer(tcb.tee()));
    for (int spare = 4; spare <= 7; spare++) {
      recipe.extension(AMD + "3." + spare, false, new ASN1Integer(0));
    }
    recipe
        .extension(AMD + "3.3", false, new ASN1Integer(tcb.snp()))
        .extension(AMD + "3.8", false, new ASN1Integer(tcb.microcode()));
    if (product == SnpProduct.TURIN) {
      recipe.extension(AMD + "3.9", false, new ASN1Integer(tcb.fmc()));
    }
    return recipe.extension(AMD + "4", chip.shortId());
  }
}
