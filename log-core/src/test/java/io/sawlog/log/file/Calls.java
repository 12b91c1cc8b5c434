package io.sawlog.log.file;

/** With which system calls a test runs. */
public enum Calls {
  /** What the JDK offers. */
  JDK {
    @Override
    public DiskStorage storage() {
      return DiskStorage.withoutPosix();
    }
  },
  /** Those of Linux as well (the same as {@link #JDK} elsewhere). */
  POSIX {
    @Override
    public DiskStorage storage() {
      Posix.load();
      return DiskStorage.open();
    }
  };

  /**
   * The storage that makes these calls.
   *
   * @return the disk
   */
  public abstract DiskStorage storage();
}
