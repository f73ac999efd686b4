package dstack.kms.cli.authapi;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as JavaScript writes them (ECMA-262, Number::toString). */
final class ScriptNumber {
  private static final int MOST_INTEGER_DIGITS = 21;
  private static final int MOST_LEADING_ZEROS = 6;

  private static final MathContext ONE_DIGIT = new MathContext(1);

  private ScriptNumber() {}

  static String text(double number) {
    if (Double.isInfinite(number)) {
      return number > 0 ? "Infinity" : "-Infinity";
    }
    if (number == 0) {
      return "0";
    }
    BigDecimal exact = shortest(Math.abs(number));
    String digits = exact.unscaledValue().toString();
    int point = exact.precision() - exact.scale();
    String text =
        point > MOST_INTEGER_DIGITS || point <= -MOST_LEADING_ZEROS
            ? exponential(digits, point - 1)
            : exact.toPlainString();
    return number < 0 ? "-" + text : text;
  }

  /** Java never writes fewer than two digits, even where one names the same number. */
  private static BigDecimal shortest(double number) {
    BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    BigDecimal rounded = exact.round(ONE_DIGIT);
    return rounded.doubleValue() == number ? rounded.stripTrailingZeros() : exact;
  }

  private static String exponential(String digits, int exponent) {
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    String sign = exponent < 0 ? "-" : "+";
    return digits.charAt(0) + fraction + "e" + sign + Math.abs(exponent);
  }
}
