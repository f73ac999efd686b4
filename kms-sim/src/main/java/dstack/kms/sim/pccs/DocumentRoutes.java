package dstack.kms.sim.pccs;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.fault.DocumentFault;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.nitro.NitroAuthority;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.tpm.TpmAuthority;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorFolder;
import dstack.kms.sim.vendor.VendorList;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The documents of Google's, Amazon's and AMD's that certificates and settings point to. */
final class DocumentRoutes {
  private static final String CERTIFICATE = "application/pkix-cert";
  private static final String LIST = "application/pkix-crl";

  private final SimulatedPlatform platform;
  private volatile List<SimulatedFault> faults = List.of();

  DocumentRoutes(SimulatedPlatform platform) {
    this.platform = platform;
  }

  void inject(SimulatedFault... wrong) {
    faults = List.of(wrong);
  }

  /** The document at that address, if it is one of these. */
  Optional<PccsAnswer> answer(URI uri) {
    String path = uri.getPath();
    return switch (path) {
      case "/gcp-tpm/root.crt" -> certificate(platform.tpm().folder().root());
      case "/gcp-tpm/intermediate.crt" -> certificate(intermediate());
      case "/gcp-tpm/root.crl" ->
          list(platform.tpm().folder(), platform.tpm().folder().root(), intermediate());
      case "/nitro/root.crl" -> rootList(platform.nitro());
      case "/nitro/regional.crl" -> regionalList(platform.nitro());
      case "/nitro-tpm/root.crl" -> rootList(platform.nitroTpm());
      case "/nitro-tpm/regional.crl" -> regionalList(platform.nitroTpm());
      default -> path.startsWith(KdsRoutes.BASE) ? chip(uri) : Optional.empty();
    };
  }

  private VendorCertificate intermediate() {
    TpmAuthority maker = platform.tpm();
    return maker.intermediate(platform.documents());
  }

  private Optional<PccsAnswer> rootList(NitroAuthority maker) {
    return list(maker.folder(), maker.folder().root(), maker.regional(platform.documents()));
  }

  private Optional<PccsAnswer> regionalList(NitroAuthority maker) {
    String documents = platform.documents();
    return list(maker.folder(), maker.regional(documents), maker.zonal(documents));
  }

  private Optional<PccsAnswer> chip(URI uri) {
    String rest = uri.getPath().substring(KdsRoutes.BASE.length());
    return Stream.of(SnpProduct.values())
        .filter(product -> rest.startsWith(product.title() + "/"))
        .map(platform::snp)
        .findFirst()
        .flatMap(
            maker -> {
              String what = rest.substring(maker.product().title().length() + 1);
              return what.equals("crl")
                  ? list(maker.folder(), maker.ark(), maker.ask(platform.documents()))
                  : new KdsRoutes(maker, platform.documents()).answer(what, uri);
            });
  }

  private Optional<PccsAnswer> list(
      VendorFolder maker, VendorCertificate issuer, VendorCertificate listed) {
    VendorList list = VendorList.empty(issuer, maker.now());
    for (SimulatedFault fault : faults) {
      if (fault instanceof DocumentFault wrong) {
        list = wrong.applyTo(list, listed, maker);
      }
    }
    return Optional.of(PccsAnswer.of(LIST, list.der()));
  }

  private static Optional<PccsAnswer> certificate(VendorCertificate certificate) {
    Bytes der = certificate.der();
    return Optional.of(PccsAnswer.of(CERTIFICATE, der));
  }
}
