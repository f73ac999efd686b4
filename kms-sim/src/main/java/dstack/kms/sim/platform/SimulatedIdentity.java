package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.collateral.SimulatedTcb;
import dstack.kms.sim.container.ContainerVersion;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.quote.QuoteLayout;

/**
 * Which guest runs on which simulated machine. Nothing is checked: what a guest measures may have
 * any length.
 *
 * @param platform on which it runs
 * @param appId 20 bytes on a real guest
 * @param composeHash 32 bytes on a real guest
 * @param instanceId 20 bytes or none on a real guest
 * @param osImageHash 32 bytes or none on a real guest; on platforms that measure the image it only
 *     says which one runs, and the hash follows from its measurements
 * @param keyProvider the JSON that the guest measures about its key provider
 * @param eventVersion of the digests of runtime events: 1, or 2
 * @param device the number of the machine; each has its own PPID
 * @param authority the CA that certified the machine
 * @param tcb the status that the machine's quotes have
 * @param layout of the quotes
 * @param container of the attestations
 */
public record SimulatedIdentity(
    GuestPlatform platform,
    Bytes appId,
    Bytes composeHash,
    Bytes instanceId,
    Bytes osImageHash,
    Bytes keyProvider,
    int eventVersion,
    int device,
    PckAuthority authority,
    SimulatedTcb tcb,
    QuoteLayout layout,
    ContainerVersion container) {
  private static final Bytes COMPOSE_HASH = Digests.sha256(Bytes.utf8("SIMULATED compose file"));
  private static final Bytes INSTANCE = Digests.sha256(Bytes.utf8("SIMULATED instance"));
  private static final Bytes OS_IMAGE_HASH = Digests.sha256(Bytes.utf8("SIMULATED image"));

  public SimulatedIdentity {
    if (device < 0 || (eventVersion != 1 && eventVersion != 2)) {
      throw new IllegalArgumentException("no such device or event version");
    }
  }

  /** The guest that runs when nothing else is said; the same on every machine. */
  public static SimulatedIdentity standard() {
    return new SimulatedIdentity(
        new GuestPlatform.Tdx(),
        COMPOSE_HASH.slice(0, 20),
        COMPOSE_HASH,
        INSTANCE.slice(0, 20),
        OS_IMAGE_HASH,
        Bytes.utf8("{\"name\":\"none\",\"id\":\"\"}"),
        1,
        0,
        PckAuthority.PLATFORM,
        SimulatedTcb.UP_TO_DATE,
        QuoteLayout.V4_TDX,
        ContainerVersion.V0);
  }

  /** The same on another platform. */
  public static SimulatedIdentity on(GuestPlatform platform) {
    return standard().change().platform(platform).done();
  }

  /** The same guest, to be changed. */
  public Change change() {
    return new Change(this);
  }

  /** Collects what is to be different. */
  public static final class Change {
    private GuestPlatform platform;
    private Bytes appId;
    private Bytes composeHash;
    private Bytes instanceId;
    private Bytes osImageHash;
    private Bytes keyProvider;
    private int eventVersion;
    private int device;
    private PckAuthority authority;
    private SimulatedTcb tcb;
    private QuoteLayout layout;
    private ContainerVersion container;

    private Change(SimulatedIdentity from) {
      platform = from.platform;
      appId = from.appId;
      composeHash = from.composeHash;
      instanceId = from.instanceId;
      osImageHash = from.osImageHash;
      keyProvider = from.keyProvider;
      eventVersion = from.eventVersion;
      device = from.device;
      authority = from.authority;
      tcb = from.tcb;
      layout = from.layout;
      container = from.container;
    }

    public Change platform(GuestPlatform value) {
      platform = value;
      return this;
    }

    public Change appId(Bytes value) {
      appId = value;
      return this;
    }

    public Change composeHash(Bytes value) {
      composeHash = value;
      return this;
    }

    public Change instanceId(Bytes value) {
      instanceId = value;
      return this;
    }

    public Change osImageHash(Bytes value) {
      osImageHash = value;
      return this;
    }

    /** The JSON text, measured as it is. */
    public Change keyProvider(String json) {
      keyProvider = Bytes.utf8(json);
      return this;
    }

    public Change eventVersion(int value) {
      eventVersion = value;
      return this;
    }

    public Change device(int value) {
      device = value;
      return this;
    }

    public Change authority(PckAuthority value) {
      authority = value;
      return this;
    }

    public Change tcb(SimulatedTcb value) {
      tcb = value;
      return this;
    }

    public Change layout(QuoteLayout value) {
      layout = value;
      return this;
    }

    public Change container(ContainerVersion value) {
      container = value;
      return this;
    }

    /** The changed guest. */
    public SimulatedIdentity done() {
      return new SimulatedIdentity(
          platform,
          appId,
          composeHash,
          instanceId,
          osImageHash,
          keyProvider,
          eventVersion,
          device,
          authority,
          tcb,
          layout,
          container);
    }
  }
}
