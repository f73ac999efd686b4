package dstack.kms.cli.dev;

import java.security.SecureRandom;
import java.time.InstantSource;

/** The clock and the randomness of everything that a development server starts. */
record DevClock(InstantSource clock, SecureRandom random) {}
