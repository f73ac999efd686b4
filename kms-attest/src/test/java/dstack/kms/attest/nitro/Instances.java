package dstack.kms.attest.nitro;

import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** The runtime events of one EC2 instance, as a guest emits them. */
final class Instances {
  static final Bytes APP_ID = Bytes.fromHex("33".repeat(20));
  static final Bytes COMPOSE_HASH = Bytes.fromHex("22".repeat(32));
  static final Bytes INSTANCE_ID = Bytes.fromHex("44".repeat(20));
  static final Bytes INIT_SCRIPT = Bytes.fromHex("55".repeat(32));
  static final Bytes PROVIDER = Bytes.utf8("{\"name\":\"kms\",\"id\":\"0a0b0c\"}");
  static final Bytes PCR8 =
      Bytes.fromHex(
          "388de8b3012b930891f0dfb8e954a0ccdf3cb8a59c1940ec"
              + "2a6b5ec1001b24a8e3a556eadad41d2740b0791b4fe2baed");

  private Instances() {}

  static RuntimeEvents events() {
    return new RuntimeEvents(
        List.of(
            RuntimeEvent.v1("system-preparing", Bytes.EMPTY),
            RuntimeEvent.v1("app-id", APP_ID),
            RuntimeEvent.v1("compose-hash", COMPOSE_HASH),
            RuntimeEvent.v1("init-script-hash", INIT_SCRIPT),
            RuntimeEvent.v1("instance-id", INSTANCE_ID),
            RuntimeEvent.v1("boot-mr-done", Bytes.EMPTY),
            RuntimeEvent.v1("key-provider", PROVIDER),
            RuntimeEvent.v1("system-ready", Bytes.EMPTY),
            RuntimeEvent.v1("app-event", Bytes.utf8("x"))));
  }

  /** The same with another payload of one event. */
  static RuntimeEvents with(String name, Bytes payload) {
    return new RuntimeEvents(
        events().events().stream()
            .map(e -> e.name().equals(name) ? RuntimeEvent.v1(name, payload) : e)
            .toList());
  }
}
