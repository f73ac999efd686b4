package dstack.kms.client.fetch;

import dstack.kms.client.trust.KmsTrust;
import dstack.kms.core.bootinfo.AppId;
import java.util.Optional;

/**
 * What is to be fetched, and on which conditions.
 *
 * @param app whose keys; the evidence must be that of this application
 * @param trust which KMS is good
 * @param delivery in which form the keys may come
 * @param identity for plain answers
 * @param gatewayAppId the gateway that must come with the keys, if one is expected
 * @param certificate to be issued as well
 */
public record FetchPlan(
    AppId app,
    KmsTrust trust,
    Delivery delivery,
    ClientIdentity identity,
    Optional<String> gatewayAppId,
    Optional<CertificateWish> certificate) {}
