package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AssignorProperties {
  private static final List<String> TOPICS = List.of("a", "b", "c", "d");

  @Property(tries = 500)
  void shouldGiveEveryPartitionThatSomebodyReadsToExactlyOneOfItsReaders(
      @ForAll("assignors") Assignor assignor,
      @ForAll("partitionCounts") Map<String, Integer> counts,
      @ForAll("members") List<Member> members) {
    Map<String, SortedSet<TopicPartition>> assignment = assignor.assign(counts, members);

    assertEquals(idsOf(members), assignment.keySet());
    List<TopicPartition> given = assignment.values().stream().flatMap(Collection::stream).toList();
    assertEquals(given.size(), new HashSet<>(given).size(), "a partition has two owners");
    assertEquals(readable(counts, members), new HashSet<>(given));
    for (Member member : members) {
      assignment
          .get(member.id())
          .forEach(partition -> assertTrue(member.topics().contains(partition.topic())));
    }
  }

  @Property(tries = 500)
  void shouldNotDependOnTheOrderOfTheMembers(
      @ForAll("assignors") Assignor assignor,
      @ForAll("partitionCounts") Map<String, Integer> counts,
      @ForAll("members") List<Member> members,
      @ForAll Random random) {
    List<Member> shuffled = new ArrayList<>(members);
    Collections.shuffle(shuffled, random);

    assertEquals(assignor.assign(counts, members), assignor.assign(counts, shuffled));
  }

  @Property(tries = 500)
  void shouldBalanceWithinOneWhereAllReadTheSame(
      @ForAll("partitionCounts") Map<String, Integer> counts,
      @ForAll("members") List<Member> members) {
    List<Member> equal =
        members.stream()
            .map(member -> new Member(member.id(), Set.copyOf(TOPICS), member.owned()))
            .toList();

    Map<String, SortedSet<TopicPartition>> sticky =
        Assignor.cooperativeSticky().assign(counts, equal);

    assertWithinOne(sticky.values().stream().map(Set::size).toList());
    Map<String, SortedSet<TopicPartition>> range = Assignor.range().assign(counts, equal);
    for (String topic : TOPICS) {
      assertWithinOne(
          range.values().stream()
              .map(owned -> (int) owned.stream().filter(p -> p.topic().equals(topic)).count())
              .toList());
    }
  }

  @Property(tries = 500)
  void shouldChangeNothingThatIsBalanced(
      @ForAll("partitionCounts") Map<String, Integer> counts,
      @ForAll("members") List<Member> members) {
    Map<String, SortedSet<TopicPartition>> first =
        Assignor.cooperativeSticky().assign(counts, members);
    List<Member> settled =
        members.stream().map(m -> new Member(m.id(), m.topics(), first.get(m.id()))).toList();

    assertEquals(first, Assignor.cooperativeSticky().assign(counts, settled));
  }

  @Property(tries = 500)
  void shouldMoveNoMoreThanANewcomersShare(
      @ForAll("partitionCounts") Map<String, Integer> counts,
      @ForAll("members") List<Member> members) {
    Set<String> all = Set.copyOf(TOPICS);
    List<Member> equal = members.stream().map(m -> new Member(m.id(), all, Set.of())).toList();
    Map<String, SortedSet<TopicPartition>> before =
        Assignor.cooperativeSticky().assign(counts, equal);
    List<Member> after = new ArrayList<>();
    equal.forEach(m -> after.add(new Member(m.id(), all, before.get(m.id()))));
    after.add(new Member("newcomer", all, Set.of()));

    Map<String, SortedSet<TopicPartition>> moved =
        Assignor.cooperativeSticky().assign(counts, after);

    for (Member member : equal) {
      assertTrue(
          before.get(member.id()).containsAll(moved.get(member.id())),
          "a partition moved between two that had been there");
    }
  }

  @Example
  void shouldDivideATopicIntoRanges() {
    List<Member> members =
        List.of(
            new Member("x", Set.of("a"), Set.of()),
            new Member("y", Set.of("a"), Set.of()),
            new Member("z", Set.of("a"), Set.of()));

    Map<String, SortedSet<TopicPartition>> assignment =
        Assignor.range().assign(Map.of("a", 7), members);

    assertEquals(partitions("a", 0, 1, 2), assignment.get("x"));
    assertEquals(partitions("a", 3, 4), assignment.get("y"));
    assertEquals(partitions("a", 5, 6), assignment.get("z"));
  }

  @Example
  void shouldGiveAPartitionThatTwoClaimToOneOfThem() {
    Set<TopicPartition> claimed = Set.of(new TopicPartition("a", 0));
    List<Member> members =
        List.of(new Member("x", Set.of("a"), claimed), new Member("y", Set.of("a"), claimed));

    Map<String, SortedSet<TopicPartition>> assignment =
        Assignor.cooperativeSticky().assign(Map.of("a", 1), members);

    assertEquals(1, assignment.get("x").size() + assignment.get("y").size());
  }

  @Example
  void shouldRefuseTwoMembersOfOneId() {
    List<Member> twins =
        List.of(new Member("x", Set.of(), Set.of()), new Member("x", Set.of("a"), Set.of()));

    assertThrows(
        IllegalArgumentException.class, () -> Assignor.range().assign(Map.of("a", 1), twins));
  }

  private static void assertWithinOne(List<Integer> loads) {
    if (!loads.isEmpty()) {
      int difference = Collections.max(loads) - Collections.min(loads);
      assertTrue(difference <= 1, () -> "loads are " + loads);
    }
  }

  private static Set<String> idsOf(List<Member> members) {
    return members.stream().map(Member::id).collect(Collectors.toSet());
  }

  private static Set<TopicPartition> readable(Map<String, Integer> counts, List<Member> members) {
    return counts.entrySet().stream()
        .filter(topic -> members.stream().anyMatch(m -> m.topics().contains(topic.getKey())))
        .flatMap(
            topic ->
                IntStream.range(0, topic.getValue())
                    .mapToObj(number -> new TopicPartition(topic.getKey(), number)))
        .collect(Collectors.toSet());
  }

  private static SortedSet<TopicPartition> partitions(String topic, int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(number -> new TopicPartition(topic, number))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Provide
  Arbitrary<Assignor> assignors() {
    return Arbitraries.of(Assignor.range(), Assignor.cooperativeSticky());
  }

  @Provide
  Arbitrary<Map<String, Integer>> partitionCounts() {
    return Arbitraries.maps(Arbitraries.of(TOPICS), Arbitraries.integers().between(0, 12));
  }

  @Provide
  Arbitrary<List<Member>> members() {
    Arbitrary<Set<String>> topics = Arbitraries.of(TOPICS).set();
    Arbitrary<Set<TopicPartition>> owned =
        Combinators.combine(Arbitraries.of(TOPICS), Arbitraries.integers().between(0, 14))
            .as(TopicPartition::new)
            .set()
            .ofMaxSize(12);
    return Combinators.combine(Arbitraries.strings().alpha().ofLength(3), topics, owned)
        .as(Member::new)
        .list()
        .ofMaxSize(7)
        .uniqueElements(Member::id);
  }
}
