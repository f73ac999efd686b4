package dstack.kms.attest.image.measure;

import dstack.kms.attest.appinfo.VmConfig;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a version of QEMU builds a guest, as far as measurements depend on it (specification 17 §2).
 *
 * @param version {@code X.Y.Z} without leading zeros
 * @param pic whether there is an interrupt controller of the old kind
 * @param twoPass whether all pages of a section are added before any is measured
 */
public record QemuOptions(String version, boolean pic, boolean twoPass) {
  private static final Pattern VERSION =
      Pattern.compile("([0-9]{1,9})\\.([0-9]{1,9})\\.([0-9]{1,9})");
  private static final int OLDEST = 8;

  /** The options of the stated version, overridden by those stated one by one. */
  public static QemuOptions of(VmConfig config) {
    String stated = config.qemuVersion().orElse("9.1.0");
    Matcher matcher = VERSION.matcher(stated);
    if (!matcher.matches()) {
      throw MeasureRefusal.MACHINE.because("Invalid QEMU version");
    }
    int major = Integer.parseInt(matcher.group(1));
    if (major < OLDEST) {
      throw MeasureRefusal.MACHINE.because("Unsupported QEMU version");
    }
    boolean old = major == OLDEST;
    return new QemuOptions(
        major + "." + Integer.parseInt(matcher.group(2)) + "." + Integer.parseInt(matcher.group(3)),
        config.pic().orElse(old),
        config.qemuSinglePassAddPages().orElse(old)); // the name says the opposite of the meaning
  }
}
