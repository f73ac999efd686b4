package dstack.kms.sim.pccs;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.snp.SnpAuthority;
import dstack.kms.sim.snp.SnpChip;
import dstack.kms.sim.snp.SnpTcb;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/** AMD's key distribution service for one product (specification 16 §4). */
record KdsRoutes(SnpAuthority maker, String documents) {
  /** What {@code core.attestation.urls.amd_kds} ends with. */
  static final String BASE = "/vcek/v1/";

  private static final int MAX_SVN = 255;

  /** The document of that name. */
  Optional<PccsAnswer> answer(String what, URI uri) {
    return what.equals("cert_chain")
        ? Optional.of(
            PccsAnswer.of(
                "application/x-pem-file",
                Bytes.utf8(maker.ask(documents).pem() + maker.ark().pem())))
        : vcek(what, uri);
  }

  private Optional<PccsAnswer> vcek(String chipId, URI uri) {
    int digits = 2 * SnpChip.of(maker.product(), 0).shortId().length();
    if (!chipId.matches("[0-9a-f]{" + digits + "}")) {
      return Optional.empty();
    }
    SnpTcb tcb =
        new SnpTcb(
            svn(uri, "fmcSPL"),
            svn(uri, "blSPL"),
            svn(uri, "teeSPL"),
            svn(uri, "snpSPL"),
            svn(uri, "ucodeSPL"));
    SnpChip chip = new SnpChip(maker.product(), Bytes.fromHex(chipId).paddedTo(64));
    return Optional.of(
        PccsAnswer.of("application/pkix-cert", maker.vcek(documents, chip, tcb).der()));
  }

  /** A number of the query; what is missing or none is 0. */
  private static int svn(URI uri, String name) {
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    return Stream.of(query.split("&", -1))
        .filter(field -> field.matches(name + "=[0-9]{1,3}"))
        .mapToInt(field -> Integer.parseInt(field.substring(name.length() + 1)))
        .filter(value -> value <= MAX_SVN)
        .findFirst()
        .orElse(0);
  }
}
