package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the code of an append that finds room can come to, by its byte code: no event, no counter,
 * no bean. So it costs the same whether anybody watches or not.
 */
class AppendPathTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sawlog.log", "io.sawlog.index");

  /** Where an append leaves its fast path: there is no room, or a store was lost. */
  private static final Set<String> EXITS =
      Set.of("PartitionWriter.awaitSegment", "PartitionWriter.storeLost");

  /** All forms of append that wait for nothing. */
  private static Deque<JavaCodeUnit> appends() {
    return CLASSES.stream()
        .filter(type -> type.isEquivalentTo(Partition.class) || type.isEquivalentTo(Topic.class))
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.getName().equals("append"))
        .collect(Collectors.toCollection(ArrayDeque::new));
  }

  /** The names of everything that is called or touched, class and member, up to the exits. */
  private static Set<String> reached(Deque<JavaCodeUnit> starts, Predicate<String> isExit) {
    Set<String> names = new TreeSet<>();
    Set<JavaCodeUnit> seen = new HashSet<>(starts);
    Deque<JavaCodeUnit> open = new ArrayDeque<>(starts);
    while (!open.isEmpty()) {
      for (JavaAccess<?> access : open.remove().getAccessesFromSelf()) {
        String name = access.getTargetOwner().getSimpleName() + "." + access.getName();
        names.add(access.getTargetOwner().getPackageName() + ":" + name);
        JavaMember target = access.getTarget().resolveMember().orElse(null);
        if (!isExit.test(name) && target instanceof JavaCodeUnit code && seen.add(code)) {
          open.add(code);
        }
      }
    }
    return names;
  }

  private static Set<String> watching(Set<String> reached) {
    return reached.stream()
        .filter(
            name ->
                name.startsWith("jdk.jfr")
                    || name.startsWith("javax.management")
                    || name.matches("java.util.concurrent.atomic:(AtomicLong|LongAdder)\\..*")
                    || name.equals("java.lang:System.nanoTime")
                    || name.matches("io\\.sawlog\\..*:\\w*(Events?|Counters|Beans?)\\..*"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void shouldMakeNoEventAndCountNothingWhereItFindsRoom() {
    Set<String> reached = reached(appends(), EXITS::contains);

    assertEquals(Set.of(), watching(reached));
    assertTrue(reached.contains("io.sawlog.log.segment:ActiveSegment.claim"), reached.toString());
    assertTrue(reached.contains("io.sawlog.log.segment:ActiveSegment.publish"));
    assertTrue(reached.contains("io.sawlog.log:PartitionWriter.awaitSegment"));
    assertTrue(reached.contains("io.sawlog.log:PartitionWriter.storeLost"));
  }

  /** Or the test above would see nothing wherever it looked. */
  @Test
  void shouldBeSeenToCountWhereAnAppendWaits() {
    Set<String> watching = watching(reached(appends(), name -> false));

    assertTrue(watching.contains("io.sawlog.log:PartitionCounters.stalled"), watching.toString());
    assertTrue(watching.contains("io.sawlog.log:AppendStallEvent.begun"), watching.toString());
  }
}
