package io.sawlog.tools;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How {@code consume} prints a record. */
enum RecordFormat {
  /** The bytes of the value. */
  VALUE,
  /** The bytes of key and value. */
  KEY_VALUE,
  /** An object. */
  JSON,
  /** Key and value in hexadecimal. */
  HEX;

  String optionValue() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads the value of the option. */
  static final class Converter implements ITypeConverter<RecordFormat> {
    @Override
    public RecordFormat convert(String text) {
      for (RecordFormat format : values()) {
        if (format.optionValue().equals(text)) {
          return format;
        }
      }
      throw new TypeConversionException(
          "'"
              + text
              + "' is not one of "
              + Arrays.stream(values())
                  .map(RecordFormat::optionValue)
                  .collect(Collectors.joining(", ")));
    }
  }
}
