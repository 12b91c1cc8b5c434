package io.sawlog.groups;

import io.sawlog.log.Visibility;
import org.jspecify.annotations.Nullable;

/**
 * What a group is: stored when it is created, and the same for whoever opens it later.
 *
 * @param type which of the two kinds of group
 * @param commits what a commit or an answer survives
 * @param visibility which records the group reads
 * @param order in which order a shared group gives out records
 */
record GroupOptions(GroupType type, Commits commits, Visibility visibility, Order order) {

  /** What a group is created as. */
  static GroupOptions orNotFound(@Nullable GroupOptions wanted, String group) {
    if (wanted == null) {
      throw new GroupNotFoundException("there is no group '" + group + "'");
    }
    return wanted;
  }

  /** Throws if a group that is this is wanted as something else. */
  void check(String group, GroupOptions wanted) {
    if (!equals(wanted)) {
      throw new GroupMismatchException(
          "group '"
              + group
              + "' is "
              + inWords()
              + ", but was asked for as "
              + wanted.inWords()
              + ": use the options it was created with, another name, or delete it first");
    }
  }

  String inWords() {
    String kind = type == GroupType.SHARED ? "a shared group, order " + order : "a partition group";
    return kind + ", commits " + commits + ", visibility " + visibility;
  }

  void writeTo(StepWriter out) {
    out.flag(type == GroupType.SHARED);
    out.flag(commits == Commits.SYNCED);
    out.flag(visibility == Visibility.DURABLE);
    out.flag(order == Order.KEY);
  }

  static GroupOptions read(StepReader in) {
    return new GroupOptions(
        in.flag() ? GroupType.SHARED : GroupType.PARTITION,
        in.flag() ? Commits.SYNCED : Commits.WRITTEN,
        in.flag() ? Visibility.DURABLE : Visibility.PUBLISHED,
        in.flag() ? Order.KEY : Order.NONE);
  }
}
