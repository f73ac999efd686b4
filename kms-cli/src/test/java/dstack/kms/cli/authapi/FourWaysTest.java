package dstack.kms.cli.authapi;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.authority.ChainAuthorities;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.rpc.tls.TlsDefaults;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The ladder of specification 90 §3 on one chain, by one endpoint's word, by two endpoints that
 * must agree, by proofs, and through {@code kms auth-api}: four ways, one answer.
 */
class FourWaysTest extends ChainTest {
  private static final Bytes IMAGE = Bytes.fromHex("22".repeat(32));
  private static final Bytes MR = Bytes.fromHex("11".repeat(32));
  private static final Bytes DEVICE = Bytes.fromHex("77".repeat(32));
  private static final Bytes COMPOSE = Bytes.fromHex("55".repeat(32));
  private static final Bytes OTHER = Bytes.fromHex("99".repeat(32));

  private static final long SEEN_WITHIN = TimeUnit.MINUTES.toNanos(1);

  private final Map<String, Authority> ways = new LinkedHashMap<>();
  private final List<Authority> readers = new ArrayList<>();
  private FakeNode second;
  private AuthApiServer service;

  @BeforeEach
  void opensTheFourWays() {
    TlsDefaults.apply();
    second = FakeNode.before(chain.url());
    String both = chain.url() + "," + second.url();
    ways.put("direct", chainAuthority("direct", chain.url().toString()));
    ways.put("quorum", chainAuthority("quorum", both));
    ways.put("proof", chainAuthority("proof", both));
    service =
        AuthApiServer.start(
            chainAuthority("proof", both),
            ServiceSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    String url = "http://127.0.0.1:" + service.address().getPort();
    ways.put("auth-api", authority(Map.of("core.auth_api.webhook.url", url)));
  }

  @AfterEach
  void closesThem() {
    ways.values().forEach(Authority::close);
    ways.clear();
    readers.clear();
    service.close();
    second.close();
  }

  private Authority chainAuthority(String mode, String endpoints) {
    Map<String, String> flags = new HashMap<>();
    flags.put("core.auth_api.type", "chain");
    flags.put("core.auth_api.chain.mode", mode);
    flags.put("core.auth_api.chain.rpc_urls", endpoints);
    flags.put("core.auth_api.chain.contract", kms.kms().lowerCase());
    flags.put("core.auth_api.chain.chain_id", "31337");
    flags.put("core.auth_api.chain.poll", "1s");
    flags.put("core.auth_api.chain.max_head_age", "1h");
    flags.put("core.insecure_development", "true");
    Authority reader = authority(flags);
    readers.add(reader);
    return reader;
  }

  private static Authority authority(Map<String, String> flags) {
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return new ChainAuthorities(InstantSource.system()).make(config.authority(), "1.2.3");
  }

  private static BootInfo info(Address app, Bytes compose, Bytes device, Bytes image, String tcb) {
    return new BootInfo(
        TeeVariant.TDX,
        MR,
        image,
        OTHER,
        new AppId(app.value()),
        new ComposeHash(compose),
        new InstanceId(Bytes.EMPTY),
        device,
        Bytes.EMPTY,
        tcb,
        List.of("INTEL-SA-00837"));
  }

  private static BootInfo node(String tcb) {
    return info(
        Address.parse("0x4444444444444444444444444444444444444444"), COMPOSE, DEVICE, IMAGE, tcb);
  }

  private void allSay(boolean kmsRoute, BootInfo info, Decision expected) {
    awaitHead();
    for (Map.Entry<String, Authority> way : ways.entrySet()) {
      Authority authority = way.getValue();
      Decision decision = kmsRoute ? authority.decideKms(info) : authority.decideApp(info);
      assertThat(reduced(decision)).as(way.getKey()).isEqualTo(reduced(expected));
    }
  }

  /** An authority that has not seen the newest block yet answers for the one before. */
  private void awaitHead() {
    long head = Long.decode(chain.rpc("eth_blockNumber").stringValue());
    long deadline = System.nanoTime() + SEEN_WITHIN;
    while (System.nanoTime() < deadline) {
      chain.rpc("eth_blockNumber");
      if (readers.stream()
          .allMatch(one -> one.view().filter(b -> b.number() >= head).isPresent())) {
        return;
      }
    }
    throw new AssertionError("block " + head + " was not seen");
  }

  /** A webhook's answer knows neither the block nor the gateway of a denial. */
  private static String reduced(Decision decision) {
    return switch (decision) {
      case Decision.Allowed allowed -> "allowed, gateway " + allowed.gatewayAppId();
      case Decision.Denied denied -> "denied: " + denied.reason();
      case Decision.Undecided undecided -> "undecided: " + undecided.why().text();
    };
  }

  private static Decision denied(String reason) {
    return new Decision.Denied(reason);
  }

  private void kmsSays(BootInfo info, String reason) {
    allSay(true, info, reason.isEmpty() ? new Decision.Allowed("any") : denied(reason));
  }

  private void appSays(BootInfo info, String reason) {
    allSay(false, info, reason.isEmpty() ? new Decision.Allowed("any") : denied(reason));
  }

  @Test
  void allFourClimbTheLadderAlike() {
    BootInfo node = node("UpToDate");
    appSays(node, "App not registered");
    kmsSays(node, "OS image is not allowed");
    kms.owner("addOsImageHash(bytes32)", new Word(IMAGE));
    kmsSays(node, "Aggregated MR not allowed");
    kms.owner("addKmsAggregatedMr(bytes32)", new Word(MR));
    kmsSays(node, "KMS is not allowed to boot on this device");
    kms.owner("setGatewayAppId(string)", "any");
    kms.owner("addKmsDevice(bytes32)", new Word(DEVICE));
    kmsSays(node, "");
    kmsSays(node("OutOfDate"), "TCB status is not up to date");
    Address app = kms.deployApp(owner, false, false, false, new Word(DEVICE), new Word(COMPOSE));
    appSays(info(app, COMPOSE, DEVICE, IMAGE, "UpToDate"), "");
    appSays(info(app, COMPOSE, DEVICE, IMAGE, "OutOfDate"), "");
    appSays(info(app, OTHER, DEVICE, IMAGE, "UpToDate"), "Compose hash not allowed");
    appSays(info(app, COMPOSE, OTHER, IMAGE, "UpToDate"), "Device not allowed");
    appSays(info(app, COMPOSE, DEVICE, OTHER, "UpToDate"), "OS image is not allowed");
    kms.send(owner, app, "removeComposeHash(bytes32)", new Word(COMPOSE));
    appSays(info(app, COMPOSE, DEVICE, IMAGE, "UpToDate"), "Compose hash not allowed");
    kms.send(stranger, kms.kms(), "registerApp(address)", stranger);
    appSays(
        info(stranger, COMPOSE, DEVICE, IMAGE, "UpToDate"), "App not deployed or invalid address");
  }
}
