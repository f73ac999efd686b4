package dstack.kms.image;

/** One thing in an image's file system; user and group have the same number. */
sealed interface Entry {
  /** A folder. */
  record Directory(int mode, int owner) implements Entry {}

  /** A regular file of root's. */
  record File(int mode, Content content) implements Entry {}

  /** A symbolic link. */
  record Link(String target) implements Entry {}
}
