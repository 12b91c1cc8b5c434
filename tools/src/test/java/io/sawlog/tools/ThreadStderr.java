package io.sawlog.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code System.err} for commands that run side by side in one process: what a thread, or one that
 * it has started, prints while it captures goes to its own buffer.
 */
final class ThreadStderr extends OutputStream {
  private static final ThreadLocal<@Nullable OutputStream> CAPTURED =
      new InheritableThreadLocal<>();

  static {
    // Before the first command does, for it replaces System.err meanwhile.
    new AnnotatedHex(0).printTo(new Output(OutputStream.nullOutputStream()));
    System.setErr(new PrintStream(new ThreadStderr(System.err), true, StandardCharsets.UTF_8));
  }

  private final PrintStream others;

  private ThreadStderr(PrintStream others) {
    this.others = others;
  }

  /** Begins to capture what the calling thread prints, until {@link #release}. */
  static ByteArrayOutputStream capture() {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    CAPTURED.set(buffer);
    return buffer;
  }

  static void release() {
    CAPTURED.remove();
  }

  private OutputStream target() {
    OutputStream captured = CAPTURED.get();
    return captured == null ? others : captured;
  }

  @Override
  public void write(int oneByte) throws IOException {
    target().write(oneByte);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    target().write(bytes, offset, count);
  }

  @Override
  public void flush() throws IOException {
    target().flush();
  }
}
