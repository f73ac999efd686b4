package dstack.kms.attest.tpm.software;

import dstack.kms.attest.eventlog.PcrLog;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.client.NvIndex;
import dstack.kms.attest.tpm.client.PrimaryKey;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.Authorization;
import dstack.kms.attest.tpm.command.NvDefineSpace;
import dstack.kms.attest.tpm.command.NvPublic;
import dstack.kms.attest.tpm.command.PcrExtend;
import dstack.kms.attest.tpm.transport.TpmAddress;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.testkit.SoftwareTpm;
import dstack.kms.testkit.Vectors;
import java.math.BigInteger;
import java.time.Duration;

/** Puts into a software TPM what Google puts into a virtual one (specification 14 §8). */
public final class ProvisionedTpm {
  public static final String ROOT = "Test AK Root";

  /** The TPMT_PUBLIC templates as Google's indexes hold them. */
  public static final Bytes ECC_TEMPLATE =
      Bytes.fromHex(
          "0023000b000500720000001000180"
              + "00b000300100020"
              + "00".repeat(32)
              + "0020"
              + "00".repeat(32));

  public static final Bytes RSA_TEMPLATE =
      Bytes.fromHex(
          "0001000b0005007200000010" + "0014000b" + "080000000000" + "0100" + "00".repeat(256));

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private ProvisionedTpm() {}

  /** The way to a software TPM. */
  public static TpmConnector connector(SoftwareTpm software) {
    return TpmAddress.parse(software.address()).connector(DEADLINE);
  }

  /** Both keys with certificates of the test root, the real boot log's registers, the events. */
  public static void provision(SoftwareTpm software, RuntimeEvents events) {
    try (Tpm tpm = Tpm.open(ProvisionedTpm.connector(software), RetryRule.STANDARD)) {
      eccKey(tpm);
      rsaKey(tpm);
      extend(tpm, events);
    }
  }

  public static void eccKey(Tpm tpm) {
    store(tpm, 0x01C1_0003, ECC_TEMPLATE);
    Bytes publicArea = publicArea(tpm, ECC_TEMPLATE);
    TpmReader point =
        new TpmReader(publicArea.slice(publicArea.length() - 68, publicArea.length()));
    P256PublicKey key =
        P256PublicKey.fromPoint(
                Bytes.concat(Bytes.of(new byte[] {4}), point.sized("x"), point.sized("y")))
            .orElseThrow();
    store(tpm, 0x01C1_0002, certificate("ecc", key.subjectPublicKeyInfo()));
  }

  public static void rsaKey(Tpm tpm) {
    store(tpm, 0x01C1_0001, RSA_TEMPLATE);
    Bytes publicArea = publicArea(tpm, RSA_TEMPLATE);
    Bytes modulus = publicArea.slice(publicArea.length() - 256, publicArea.length());
    RsaPublicKey key =
        new RsaPublicKey(new BigInteger(1, modulus.toArray()), BigInteger.valueOf(65_537));
    store(tpm, 0x01C1_0000, certificate("rsa", key.subjectPublicKeyInfo()));
  }

  /** PCR 0 to 9 as the real log says, PCR 14 as the runtime events say. */
  public static void extend(Tpm tpm, RuntimeEvents events) {
    for (PcrLog.Extension each :
        PcrLog.parse(Bytes.of(Vectors.bytes("platforms/tpm/tpm_eventlog.bin"))).sha256Digests()) {
      tpm.run(new PcrExtend((int) each.register(), TpmHash.SHA256, each.digest()));
    }
    events.events().forEach(each -> tpm.run(new PcrExtend(14, TpmHash.SHA256, each.sha256())));
  }

  /** Defines an index for the owner and fills it. */
  public static void store(Tpm tpm, int index, Bytes content) {
    TpmHandle handle = new TpmHandle(index);
    tpm.run(
        new NvDefineSpace(
            NvPublic.of(handle, TpmHash.SHA256, NvPublic.OWNER_READ_WRITE, content.length()),
            Bytes.EMPTY));
    new NvIndex(tpm, handle).write(TpmHandle.OWNER, content, Authorization.EMPTY_PASSWORD);
  }

  private static Bytes publicArea(Tpm tpm, Bytes template) {
    try (PrimaryKey key = tpm.primaryKey(TpmHandle.ENDORSEMENT, template)) {
      return key.publicArea();
    }
  }

  private static Bytes certificate(String name, Bytes subjectPublicKeyInfo) {
    Certs leaf = Certs.leaf("instance-" + name, ROOT);
    leaf.spki = subjectPublicKeyInfo;
    return leaf.der();
  }
}
