package dstack.kms.image;

/** The image cannot be made; the message is one sentence that says what is missing or wrong. */
final class ImageProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ImageProblem(String message) {
    super(message);
  }

  ImageProblem(String message, Throwable cause) {
    super(message, cause);
  }
}
