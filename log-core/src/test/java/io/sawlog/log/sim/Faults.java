package io.sawlog.log.sim;

import io.sawlog.log.file.NoSpaceException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Decides which operations of a {@link SimulatedStorage} fail. */
@FunctionalInterface
public interface Faults {
  /** Nothing fails. */
  Faults NONE = (operation, path, number) -> null;

  /** What can fail. */
  enum Operation {
    OPEN,
    CREATE,
    LIST,
    CREATE_DIRECTORY,
    FORCE_DIRECTORY,
    RENAME,
    DELETE,
    IDENTITY,
    LOCK,
    SIZE,
    READ,
    WRITE,
    ALLOCATE,
    MAP,
    FORCE_FILE,
    FORCE_RANGE;

    /** Whether a full disk is a reason for it to fail. */
    boolean needsSpace() {
      return this == CREATE || this == CREATE_DIRECTORY || this == RENAME || this == ALLOCATE;
    }

    /** Whether it needs a file descriptor. */
    boolean opens() {
      return this == OPEN
          || this == CREATE
          || this == LIST
          || this == FORCE_DIRECTORY
          || this == MAP
          || this == LOCK;
    }

    /** Whether it is a flush. */
    public boolean isFlush() {
      return this == FORCE_FILE || this == FORCE_RANGE || this == FORCE_DIRECTORY;
    }
  }

  /** What goes wrong. */
  enum Failure {
    /** The disk is full. */
    ENOSPC,
    /** The device has failed. */
    EIO,
    /** The process has too many open files. */
    EMFILE;

    boolean concerns(Operation operation) {
      return switch (this) {
        case ENOSPC -> operation.needsSpace();
        case EIO -> true;
        case EMFILE -> operation.opens();
      };
    }

    IOException exception(Operation operation, Path path) {
      String what = name() + " (simulated) in " + operation + " of " + path;
      return switch (this) {
        case ENOSPC -> new NoSpaceException(what, null);
        case EIO -> new IOException(what);
        case EMFILE -> new FileSystemException(path.toString(), null, what);
      };
    }
  }

  /**
   * Tells whether an operation fails.
   *
   * @param operation which
   * @param path of which file
   * @param number how many operations came before it
   * @return what to throw, or null
   */
  IOException of(Operation operation, Path path, long number);

  /** Lets one operation fail, or every one from it on, where the error can happen to it. */
  static Faults at(long failing, boolean forEver, Failure error) {
    return (operation, path, number) -> {
      boolean hit = forEver ? number >= failing : number == failing;
      return hit && error.concerns(operation) ? error.exception(operation, path) : null;
    };
  }
}
