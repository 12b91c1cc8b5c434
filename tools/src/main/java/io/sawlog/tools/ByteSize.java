package io.sawlog.tools;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A number of bytes as people write it: {@code 65536}, {@code 64KiB}, {@code 64k}, {@code 1GiB}.
 * All units are powers of 1024.
 *
 * @param bytes how many
 */
record ByteSize(long bytes) {
  private static final String UNITS = "KMGT";
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,18})\\s*(?:([KMGT])(?:i?B)?|B)?", Pattern.CASE_INSENSITIVE);

  /** Puts an amount in words of about four digits. */
  static String inWords(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double amount = bytes;
    int unit = -1;
    while (amount >= 1024 && unit < UNITS.length() - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", amount, UNITS.charAt(unit));
  }

  /** Reads the argument of an option. */
  static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      Matcher form = FORM.matcher(text.strip());
      if (!form.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is not a size: write 65536, 64KiB, 256MiB or 1GiB");
      }
      String unit = form.group(2);
      int shift = unit == null ? 0 : 10 * (UNITS.indexOf(unit.toUpperCase(Locale.ROOT)) + 1);
      long count = Long.parseLong(form.group(1));
      if (count > Long.MAX_VALUE >> shift) {
        throw new TypeConversionException("'" + text + "' is too large");
      }
      return new ByteSize(count << shift);
    }
  }
}
