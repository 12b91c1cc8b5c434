package io.sawlog.groups;

import io.sawlog.log.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a group is and where it stands.
 *
 * @param group its name
 * @param type which of the two kinds
 * @param commits what a commit or an answer survives
 * @param visibility which records it reads
 * @param order in which order a shared group gives out records
 * @param status what it is doing
 * @param host the process that hosts it, in words; empty if none does
 * @param members its members or workers if they are threads of this process; nobody else knows them
 * @param partitions where it stands in each partition, by topic and number
 * @param deadLetters how many dead letters there are
 * @param redrivable how many of them were never redriven
 * @param lastEvent when the group last did anything that it keeps; a host that had nothing to do
 *     has left no trace
 */
public record GroupDescription(
    String group,
    GroupType type,
    Commits commits,
    Visibility visibility,
    Order order,
    GroupStatus status,
    Optional<String> host,
    List<MemberDescription> members,
    List<PartitionDescription> partitions,
    long deadLetters,
    long redrivable,
    Instant lastEvent) {
  /** Copies the lists. */
  public GroupDescription {
    members = List.copyOf(members);
    partitions = List.copyOf(partitions);
  }

  /**
   * How far the group is behind in all partitions.
   *
   * @return the sum of the records, and the greatest age
   */
  public Lag lag() {
    Lag sum = Lag.NONE;
    for (PartitionDescription partition : partitions) {
      sum = sum.plus(partition.lag());
    }
    return sum;
  }
}
