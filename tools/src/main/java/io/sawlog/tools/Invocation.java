package io.sawlog.tools;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command is given beside its arguments, and where its data goes. Its complaints go to
 * {@code System.err}, for those of the engine come from any thread.
 *
 * @param stdin standard input
 * @param stdout standard output, which throws what cannot be written
 * @param environment the environment variables
 */
record Invocation(FileInputStream stdin, OutputStream stdout, Map<String, String> environment) {
  /**
   * That of this process. The streams are those of the operating system: {@code System.out}
   * swallows errors, and {@code System.in} would read ahead.
   */
  static Invocation ofThisProcess() {
    return new Invocation(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        System.getenv());
  }

  /** A variable that is set and not empty. */
  @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
