package io.sawlog.log.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Turns what the JDK throws into exceptions that name the file, and tells a full disk from the
 * rest.
 */
final class DiskErrors {
  private DiskErrors() {}

  /**
   * Gives a failure the name of the file it happened to.
   *
   * @param action what was tried, as in "cannot <i>write</i> x"
   * @param file the file
   * @param failure what was thrown
   * @return the exception to throw
   */
  static IOException naming(String action, Path file, IOException failure) {
    String said = String.valueOf(failure.getMessage());
    // The JDK has no type for ENOSPC and EDQUOT: the text of strerror is all there is.
    if (said.contains("No space left on device") || said.contains("Disk quota exceeded")) {
      return new NoSpaceException("cannot " + action + " " + file + ": " + said, failure);
    }
    if (failure instanceof FileSystemException || failure instanceof ClosedChannelException) {
      return failure;
    }
    return new IOException("cannot " + action + " " + file + ": " + said, failure);
  }
}
