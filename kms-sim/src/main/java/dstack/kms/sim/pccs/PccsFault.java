package dstack.kms.sim.pccs;

/** How the service misbehaves on every request. */
public enum PccsFault {
  /** It answers as it should. */
  NONE,
  /** 503 with a short text. */
  UNAVAILABLE,
  /** It takes the request and never answers. */
  SILENT,
  /** 64 MiB of spaces before the answer. */
  HUGE,
  /** The second half of each body is missing, though the length is right for what is sent. */
  TRUNCATED,
  /** The issuer chains are missing from the headers. */
  NO_HEADERS,
  /** 200 with text that is none of what was asked for. */
  GARBAGE,
  /** A redirect to itself. */
  REDIRECT,
}
