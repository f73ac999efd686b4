package dstack.kms.core.der;

/** The identifier octets that occur in certificates; larger tag numbers are not used there. */
public final class DerTag {
  public static final int BOOLEAN = 0x01;
  public static final int INTEGER = 0x02;
  public static final int BIT_STRING = 0x03;
  public static final int OCTET_STRING = 0x04;
  public static final int OBJECT_IDENTIFIER = 0x06;
  public static final int IA5_STRING = 0x16;
  public static final int UTC_TIME = 0x17;
  public static final int GENERALIZED_TIME = 0x18;
  public static final int SEQUENCE = 0x30;

  private DerTag() {}

  /** The implicitly tagged primitive of that number in the context of its structure. */
  public static int contextPrimitive(int number) {
    return 0x80 | number;
  }

  /** The constructed value of that number in the context of its structure. */
  public static int contextConstructed(int number) {
    return 0xa0 | number;
  }
}
