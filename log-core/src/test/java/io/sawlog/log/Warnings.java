package io.sawlog.log;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the engine tells the logger of the process, until closed. */
final class Warnings extends Handler implements AutoCloseable {
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("io.sawlog");

  Warnings() {
    logger.addHandler(this);
  }

  /** Each message with its parameters, in the order in which they came. */
  List<String> said() {
    return said;
  }

  @Override
  public void publish(LogRecord event) {
    said.add(event.getMessage() + Arrays.toString(event.getParameters()));
  }

  @Override
  public void flush() {
    // nothing is kept back
  }

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
