package io.sawlog.tools;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time, and nothing else. */
final class TimeConverter implements ITypeConverter<Bound.AtTime> {
  @Override
  public Bound.AtTime convert(String text) {
    if (new Bound.EndConverter().convert(text) instanceof Bound.AtTime time) {
      return time;
    }
    throw new TypeConversionException(
        "'" + text + "' is not a time such as 2024-05-31T18:00:00Z, 2024-05-31T18:00 or -15m");
  }
}
