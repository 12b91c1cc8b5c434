package io.sawlog.log.file;

import java.io.Closeable;
import java.io.IOException;

/** The exclusive lock of a store, held by this process until it is closed or the process ends. */
public interface StorageLock extends Closeable {
  @Override
  void close() throws IOException;
}
