package dstack.kms.attest.dcap;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/** Reads the two signed documents of the collateral (specification 11 §6.5 and §6.7). */
final class TcbDocuments {
  private TcbDocuments() {}

  static TcbInfo tcbInfo(String text) throws StrictJson.Malformed {
    StrictJson json = StrictJson.parse(text);
    Optional<StrictJson> module = json.optionalObject("tdxModule");
    return new TcbInfo(
        json.text("id"),
        json.u8("version"),
        json.text("issueDate"),
        json.text("nextUpdate"),
        json.text("fmspc"),
        json.text("pceId"),
        json.u32("tcbType"),
        json.u32("tcbEvaluationDataNumber"),
        json.objects("tcbLevels", TcbDocuments::tcbLevel),
        module.isPresent() ? Optional.of(tdxModule(module.get())) : Optional.empty(),
        json.optionalObjects("tdxModuleIdentities", TcbDocuments::tdxModuleIdentity));
  }

  static QeIdentity qeIdentity(String text) throws StrictJson.Malformed {
    StrictJson json = StrictJson.parse(text);
    return new QeIdentity(
        json.text("id"),
        json.u8("version"),
        json.text("issueDate"),
        json.text("nextUpdate"),
        json.u32("tcbEvaluationDataNumber"),
        json.hex("miscselect", 4),
        json.hex("miscselectMask", 4),
        json.hex("attributes", 16),
        json.hex("attributesMask", 16),
        json.hex("mrsigner", 32),
        json.u16("isvprodid"),
        json.objects("tcbLevels", level -> svnLevel(level, 0xffff)));
  }

  private static TcbInfo.TcbLevel tcbLevel(StrictJson json) throws StrictJson.Malformed {
    StrictJson tcb = json.object("tcb");
    return new TcbInfo.TcbLevel(
        svns(tcb.objects("sgxtcbcomponents", TcbDocuments::svn)),
        svns(tcb.optionalObjects("tdxtcbcomponents", TcbDocuments::svn)),
        tcb.u16("pcesvn"),
        verdict(json));
  }

  private static int svn(StrictJson component) throws StrictJson.Malformed {
    return component.u8("svn");
  }

  private static Bytes svns(List<Integer> components) {
    byte[] svns = new byte[components.size()];
    for (int i = 0; i < svns.length; i++) {
      svns[i] = components.get(i).byteValue();
    }
    return Bytes.of(svns);
  }

  private static TcbVerdict verdict(StrictJson level) throws StrictJson.Malformed {
    level.text("tcbDate");
    String status = level.text("tcbStatus");
    return new TcbVerdict(
        TcbStatus.of(status)
            .orElseThrow(() -> new StrictJson.Malformed("unknown TCB status " + status)),
        level.optionalTexts("advisoryIDs"));
  }

  private static TcbInfo.SvnLevel svnLevel(StrictJson json, int limit) throws StrictJson.Malformed {
    return new TcbInfo.SvnLevel((int) json.object("tcb").unsigned("isvsvn", limit), verdict(json));
  }

  private static TcbInfo.TdxModule tdxModule(StrictJson json) throws StrictJson.Malformed {
    return new TcbInfo.TdxModule(
        json.text("mrsigner"), json.text("attributes"), json.text("attributesMask"));
  }

  private static TcbInfo.TdxModuleIdentity tdxModuleIdentity(StrictJson json)
      throws StrictJson.Malformed {
    return new TcbInfo.TdxModuleIdentity(
        json.text("id"),
        tdxModule(json),
        json.objects("tcbLevels", level -> svnLevel(level, 0xff)));
  }
}
