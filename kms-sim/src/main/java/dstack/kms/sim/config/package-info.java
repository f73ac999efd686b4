/**
 * The kms.toml fragment with which a server trusts a simulated platform and finds its services
 * (specification 00 §6). Only {@code kms sim} and {@code kms dev}, and tests, may use it.
 */
@NullMarked
package dstack.kms.sim.config;

import org.jspecify.annotations.NullMarked;
