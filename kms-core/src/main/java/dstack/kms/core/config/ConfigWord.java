package dstack.kms.core.config;

/** One word of a closed set that a key may hold. */
interface ConfigWord {
  /** The word as it stands in the file. */
  String word();
}
