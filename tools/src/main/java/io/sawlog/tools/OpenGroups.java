package io.sawlog.tools;

import io.sawlog.groups.GroupAdmin;
import io.sawlog.groups.Groups;
import io.sawlog.log.Sawlog;

/**
 * The groups of an existing store, whose topics are only read: enough to host a group, and to look
 * at all of them.
 */
final class OpenGroups implements AutoCloseable {
  private final Sawlog log;
  private final Groups groups;

  private OpenGroups(Sawlog log, OpenOptions options) {
    this.log = log;
    this.groups = Groups.of(log, Store.config(options));
  }

  static OpenGroups open(GeneralOptions general, OpenOptions options) {
    return new OpenGroups(Store.openForReading(general.directory(), options), options);
  }

  /** Writes the topics too, so nobody else may. */
  static OpenGroups openForWriting(GeneralOptions general, OpenOptions options) {
    return new OpenGroups(Store.openExisting(general.directory(), options), options);
  }

  Sawlog log() {
    return log;
  }

  Groups groups() {
    return groups;
  }

  GroupAdmin admin() {
    return groups.admin();
  }

  @Override
  public void close() {
    log.close();
  }
}
