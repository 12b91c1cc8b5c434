package io.sawlog.log.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * Turns what the JDK throws into exceptions that name the file and say what happened, and tells a
 * full disk from the rest.
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
    if (failure instanceof FileSystemException known) {
      return withReason(known);
    }
    if (failure instanceof ClosedChannelException) {
      return failure;
    }
    return new IOException("cannot " + action + " " + file + ": " + said, failure);
  }

  /** Where the type is all that the JDK says, the message is a bare path: people read no types. */
  private static FileSystemException withReason(FileSystemException failure) {
    if (failure.getReason() != null) {
      return failure;
    }
    String file = failure.getFile();
    String other = failure.getOtherFile();
    FileSystemException said;
    if (failure instanceof AccessDeniedException) {
      said = new AccessDeniedException(file, other, "access denied");
    } else if (failure instanceof NoSuchFileException) {
      said = new NoSuchFileException(file, other, "no such file or directory");
    } else if (failure instanceof FileAlreadyExistsException) {
      said = new FileAlreadyExistsException(file, other, "exists already");
    } else if (failure instanceof NotDirectoryException) {
      // this type and the next take no reason
      said = new NotDirectoryException(file + ": not a directory");
    } else if (failure instanceof DirectoryNotEmptyException) {
      said = new DirectoryNotEmptyException(file + ": directory not empty");
    } else {
      return failure;
    }
    said.initCause(failure);
    return said;
  }
}
