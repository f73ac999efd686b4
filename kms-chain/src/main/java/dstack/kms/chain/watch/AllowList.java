package dstack.kms.chain.watch;

import dstack.kms.chain.calldata.View;
import dstack.kms.chain.governance.Views;
import java.util.List;
import java.util.stream.Stream;

/** A list of a contract that its events add up to, and the read that says what is on it. */
enum AllowList {
  IMAGES("OS images", "OsImageHashAdded", "OsImageHashRemoved"),
  MEASUREMENTS("KMS measurements", "KmsAggregatedMrAdded", "KmsAggregatedMrRemoved"),
  KMS_DEVICES("KMS devices", "KmsDeviceAdded", "KmsDeviceRemoved"),
  APPS("apps", "AppRegistered", ""),
  COMPOSE_HASHES("compose hashes", "ComposeHashAdded", "ComposeHashRemoved"),
  DEVICES("devices", "DeviceAdded", "DeviceRemoved");

  private final String title;
  private final String added;
  private final String removed;

  AllowList(String title, String added, String removed) {
    this.title = title;
    this.added = added;
    this.removed = removed;
  }

  String title() {
    return title;
  }

  /** Lists of a KMS. */
  static List<AllowList> ofKms() {
    return List.of(IMAGES, MEASUREMENTS, KMS_DEVICES, APPS);
  }

  /** Lists of an application. */
  static List<AllowList> ofApp() {
    return List.of(COMPOSE_HASHES, DEVICES);
  }

  /** Whether an event of that name is about this list. */
  boolean changesBy(String event) {
    return Stream.of(added, removed).anyMatch(event::equals) && !event.isEmpty();
  }

  boolean adds(String event) {
    return event.equals(added);
  }

  View view() {
    return switch (this) {
      case IMAGES -> Views.ALLOWED_OS_IMAGES;
      case MEASUREMENTS -> Views.ALLOWED_AGGREGATED_MRS;
      case KMS_DEVICES -> Views.ALLOWED_KMS_DEVICES;
      case APPS -> Views.REGISTERED_APPS;
      case COMPOSE_HASHES -> Views.ALLOWED_COMPOSE_HASHES;
      case DEVICES -> Views.ALLOWED_DEVICES;
    };
  }
}
