package dstack.kms.sim.nitro;

import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorKey;
import dstack.kms.sim.vendor.VendorRecipe;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** How a document's chain is to be made; every certificate can be made wrong. */
public final class NitroChainRecipe {
  private final NitroAuthority authority;
  private final String documents;
  private final String moduleId;
  private final Map<NitroLink, UnaryOperator<VendorRecipe>> edits = new EnumMap<>(NitroLink.class);
  private VendorCertificate root;
  private boolean forgedLeaf;
  private UnaryOperator<List<VendorCertificate>> bundleEdit = UnaryOperator.identity();

  NitroChainRecipe(NitroAuthority authority, String documents, String moduleId) {
    this.authority = authority;
    this.documents = documents;
    this.moduleId = moduleId;
    root = authority.folder().root();
  }

  /** Changes a certificate before it is signed. */
  public NitroChainRecipe edit(NitroLink link, UnaryOperator<VendorRecipe> edit) {
    edits.put(link, edit);
    return this;
  }

  /** Signs everything below another root of the same name. */
  public NitroChainRecipe foreignRoot() {
    VendorKey key = authority.freshKey();
    String subject = root.certificate().getSubject().toString();
    root =
        authority
            .folder()
            .recipe(subject, key, NitroLink.REGIONAL.before(), NitroLink.REGIONAL.after())
            .authority()
            .selfSigned();
    return this;
  }

  /** The leaf names the instance as its issuer, which never signed it. */
  public NitroChainRecipe forgedLeaf() {
    forgedLeaf = true;
    return this;
  }

  /** Changes what stands in the bundle. */
  public NitroChainRecipe editBundle(UnaryOperator<List<VendorCertificate>> edit) {
    bundleEdit = edit;
    return this;
  }

  NitroChain make() {
    VendorCertificate regional =
        recipe(NitroLink.REGIONAL, authority.folder().key("regional")).signedBy(root);
    VendorCertificate zonal =
        recipe(NitroLink.ZONAL, authority.folder().key("zonal")).signedBy(regional);
    VendorCertificate instance = recipe(NitroLink.INSTANCE, authority.freshKey()).signedBy(zonal);
    VendorRecipe leaf = recipe(NitroLink.LEAF, authority.freshKey());
    VendorCertificate signed =
        forgedLeaf ? leaf.forged(instance, authority.freshKey()) : leaf.signedBy(instance);
    List<VendorCertificate> bundle = new ArrayList<>(List.of(root, regional, zonal, instance));
    return new NitroChain(bundleEdit.apply(bundle), signed);
  }

  private VendorRecipe recipe(NitroLink link, VendorKey key) {
    return edits
        .getOrDefault(link, UnaryOperator.identity())
        .apply(authority.link(link, documents, moduleId, key));
  }
}
