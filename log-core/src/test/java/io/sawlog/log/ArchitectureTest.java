package io.sawlog.log;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sawlog.log.segment.ActiveSegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the map of docs/ARCHITECTURE.md: which package may know which. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sawlog.log", "io.sawlog.index");

  @Test
  void shouldLetNoArrowPointBack() {
    noClasses()
        .that()
        .resideInAPackage("io.sawlog.index..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.sawlog.log.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.sawlog.log.segment")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.sawlog.log"))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.sawlog.log.file")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.sawlog.log", "io.sawlog.log.segment", "io.sawlog.index"))
        .check(CLASSES);
  }

  @Test
  void shouldKeepFilesAwayFromTheIndex() {
    noClasses()
        .that()
        .resideInAPackage("io.sawlog.index..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.nio.file.."))
        .check(CLASSES);
  }

  @Test
  void shouldKeepChronicleInThePosixCallsAndThePayloadCodec() {
    noClasses()
        .that(
            not(resideInAnyPackage("io.sawlog.log.file"))
                .and(
                    describe(
                        "are no codecs",
                        type ->
                            !type.getName().startsWith("io.sawlog.log.Codecs")
                                && !type.getName().equals("io.sawlog.log.MarshallableCodec"))))
        .should()
        .dependOnClassesThat(resideInAnyPackage("net.openhft.."))
        .check(CLASSES);
  }

  @Test
  void shouldOpenFilesOnlyBehindTheStorageSeam() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sawlog.log.file")
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.nio.channels.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sawlog.log.file")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .check(CLASSES);
  }

  @Test
  void shouldKeepTheEngineOutOfTheApi() {
    List<String> engine =
        List.of(
            "PartitionWriter",
            "OpenPartition",
            "DurableFrontier",
            "GroupCommit",
            "RecoveryAnalysis",
            "Background",
            "Segment",
            "SegmentReader");
    for (String name : engine) {
      classes()
          .that()
          .haveFullyQualifiedName("io.sawlog.log." + name)
          .should()
          .bePackagePrivate()
          .check(CLASSES);
    }
  }

  @Test
  void shouldPublishFramesInOneMethodAndReadLengthsWithAcquireInOneMethod() {
    assertEquals(List.of("publish"), callersIn(ActiveSegment.class, "putIntRelease"));
    assertEquals(List.of("publishedLength"), callersIn(ActiveSegment.class, "getIntAcquire"));
    noClasses()
        .that(not(equivalentTo(ActiveSegment.class)))
        .should()
        .callMethodWhere(target(nameMatching("putIntRelease|getIntAcquire")))
        .check(CLASSES);
  }

  private static List<String> callersIn(Class<?> type, String method) {
    return CLASSES.get(type).getMethodCallsFromSelf().stream()
        .filter(call -> call.getName().equals(method))
        .map(call -> call.getOrigin().getName())
        .sorted()
        .toList();
  }
}
