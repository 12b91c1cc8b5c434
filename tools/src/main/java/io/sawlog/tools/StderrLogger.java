package io.sawlog.tools;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine's warnings go: one line each on stderr, instead of the dated two-line blocks of
 * {@code java.util.logging}. What libraries log is for nobody who uses a command line.
 */
public final class StderrLogger extends System.LoggerFinder {
  private static final String ENGINE = "io.sawlog";

  /** For the service loader. */
  public StderrLogger() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new Lines(name);
  }

  private record Lines(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return name.startsWith(ENGINE) && level != Level.OFF && level.compareTo(Level.WARNING) >= 0;
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        System.err.println("sawlog: " + message + (thrown == null ? "" : ": " + thrown));
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... parameters) {
      if (isLoggable(level)) {
        boolean formatted = parameters != null && parameters.length > 0 && format != null;
        System.err.println(
            "sawlog: " + (formatted ? MessageFormat.format(format, parameters) : format));
      }
    }
  }
}
