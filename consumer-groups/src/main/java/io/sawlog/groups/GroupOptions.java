package io.sawlog.groups;

import io.sawlog.log.Visibility;

/**
 * What a group is: stored when it is created, and the same for whoever opens it later.
 *
 * @param type which of the two kinds of group
 * @param commits what a commit or an answer survives
 * @param visibility which records the group reads
 * @param order in which order a shared group gives out records
 */
record GroupOptions(GroupType type, Commits commits, Visibility visibility, Order order) {

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
