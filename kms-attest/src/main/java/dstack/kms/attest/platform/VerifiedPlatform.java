package dstack.kms.attest.platform;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * What one platform's evidence proves. An instance exists only if its verification succeeded.
 *
 * <p>Non-sealed because the platforms are packages of their own; an architecture test holds the
 * list of its implementations.
 */
public interface VerifiedPlatform {
  /** The state of the platform as authorities are told. */
  PlatformStatus status();

  /** The platform's own id in the form that webhooks know. */
  Bytes rawDeviceId();

  /** A name for this very machine or enclave in logs; not part of any policy. */
  String instanceLabel();

  /** SHA-256 of what the hardware signed: names this evidence in the audit log. */
  Bytes digest();

  /**
   * Identity and measurements at a point.
   *
   * @param vmConfig the request's VM configuration; empty to take the one inside the evidence
   */
  AppInfo appInfo(String vmConfig, MeasurementPoint point);

  /**
   * What this verification was allowed to leave out, a sentence each. Always empty under the rules
   * of a server; keys are released only if it is.
   */
  List<String> unchecked();
}
