package dstack.kms.core.audit;

import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * What a line says, without its hash and signature (docs/reference/audit-log.md).
 *
 * @param sequence the line's number
 * @param batch the number of the first line that became durable in the same moment
 * @param time when the decision was written down
 * @param node the short id of the key that signs
 * @param event the decision
 * @param previous the hash of the line before
 */
record LineBody(
    long sequence, long batch, Instant time, String node, AuditEvent event, Bytes previous) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The beginning of the line, up to where the hash is put. */
  Bytes encode() {
    return Bytes.utf8(
        "{\"v\":1,\"seq\":"
            + sequence
            + ",\"batch\":"
            + batch
            + ",\"time\":\""
            + TIME.format(time)
            + "\",\"node\":\""
            + node
            + "\",\"kind\":"
            + JsonText.text(event.kind().word())
            + outcome()
            + ",\"evidence\":"
            + event.subject().map(s -> JsonText.bytes(s.evidence())).orElse("null")
            + ",\"bootInfo\":"
            + event.subject().map(s -> bootInfo(s.bootInfo())).orElse("null")
            + ",\"block\":"
            + block(event.block())
            + ",\"facts\":"
            + JsonText.texts(event.facts())
            + ",\"prev\":\""
            + previous.hex()
            + '"');
  }

  private String outcome() {
    return switch (event.outcome()) {
      case AuditOutcome.Allowed() -> ",\"outcome\":\"allowed\",\"code\":null,\"reason\":null";
      case AuditOutcome.Refused(String code, String reason) ->
          ",\"outcome\":\"refused\",\"code\":"
              + JsonText.text(code)
              + ",\"reason\":"
              + JsonText.text(reason);
    };
  }

  /** The names of specification 04 §7.2; the TCB status is the local one (T-17). */
  private static String bootInfo(BootInfo info) {
    return "{\"teeVariant\":"
        + JsonText.text(info.teeVariant().wireName())
        + ",\"mrAggregated\":"
        + JsonText.bytes(info.mrAggregated())
        + ",\"osImageHash\":"
        + JsonText.bytes(info.osImageHash())
        + ",\"mrSystem\":"
        + JsonText.bytes(info.mrSystem())
        + ",\"appId\":"
        + JsonText.bytes(info.appId().value())
        + ",\"composeHash\":"
        + JsonText.bytes(info.composeHash().value())
        + ",\"instanceId\":"
        + JsonText.bytes(info.instanceId().value())
        + ",\"deviceId\":"
        + JsonText.bytes(info.announcedDeviceId())
        + ",\"keyProviderInfo\":"
        + JsonText.bytes(info.keyProviderInfo())
        + ",\"tcbStatus\":"
        + JsonText.text(info.localTcbStatus())
        + ",\"advisoryIds\":"
        + JsonText.texts(info.advisoryIds())
        + '}';
  }

  private static String block(Optional<BlockRef> block) {
    return block
        .map(b -> "{\"number\":" + b.number() + ",\"hash\":" + JsonText.bytes(b.hash()) + '}')
        .orElse("null");
  }
}
