package dstack.kms.sim.agent;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.platform.GuestPlatform;
import dstack.kms.sim.platform.SimulatedGuest;

/** The methods of the agent: each takes a request's bytes and gives an answer's fields. */
final class AgentMethods {
  private static final String SERVICE_PREFIX = "DstackGuest.";

  private final SimulatedGuest guest;

  AgentMethods(SimulatedGuest guest) {
    this.guest = guest;
  }

  /** Answers one request; every refusal is a 400 with its text, as the original's are. */
  HttpAnswer answer(HttpRequest request) {
    boolean get = request.method().equals("GET");
    if ((!get && !request.method().equals("POST")) || request.target().contains("/")) {
      return HttpAnswer.plain(404, "not found\n");
    }
    WireFormat format = WireFormat.of(request, get);
    try {
      return format.answer(200, call(request, get, format));
    } catch (BadRequest e) {
      return format.error(e.text());
    }
  }

  private AnswerFields call(HttpRequest request, boolean get, WireFormat format) {
    String method = request.target();
    while (method.startsWith(SERVICE_PREFIX)) {
      method = method.substring(SERVICE_PREFIX.length());
    }
    return switch (method) {
      case "Attest" -> attest(reportData(request, get, format));
      case "GetQuote" -> getQuote(reportData(request, get, format));
      case "Info" -> GuestInfo.of(guest);
      case "Version" -> new AnswerFields().text(1, "version", "0.6.0").text(2, "rev", "simulated");
      default -> throw new BadRequest("Service not found: " + method);
    };
  }

  private static ReportData reportData(HttpRequest request, boolean get, WireFormat format) {
    Bytes asked = get ? format.fromQuery(request.query()) : format.fromBody(request.body());
    if (asked.length() > ReportData.LENGTH) {
      throw new BadRequest("Report data is too long");
    }
    return new ReportData(asked.paddedTo(ReportData.LENGTH));
  }

  private AnswerFields attest(ReportData reportData) {
    return new AnswerFields().bytes(1, "attestation", guest.attest(reportData));
  }

  private AnswerFields getQuote(ReportData reportData) {
    AnswerFields answer =
        new AnswerFields()
            .bytes(1, "quote", guest.quote(reportData))
            .text(2, "event_log", guest.facts().eventLog())
            .bytes(3, "report_data", reportData.value())
            .text(4, "vm_config", guest.vmConfig());
    boolean tdx = guest.identity().platform() instanceof GuestPlatform.Tdx;
    return tdx ? answer : answer.bytes(5, "attestation", guest.attest(reportData));
  }
}
