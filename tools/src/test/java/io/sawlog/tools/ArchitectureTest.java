package io.sawlog.tools;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  /** The classes of dump and verify, which look at bytes that the engine would refuse. */
  private static final Set<String> BELOW_THE_API =
      Set.of(
          "Dump",
          "DumpFormat",
          "TextDump",
          "JsonDump",
          "HexDump",
          "IndexCopy",
          "LogPath",
          "Finding",
          "PatientFile",
          "SegmentFile",
          "SegmentWalk",
          "SegmentVerification",
          "PartitionVerification",
          "PartitionSurvey",
          "SegmentSurvey",
          "SegmentJudgement",
          "Verification");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sawlog.tools");

  @Test
  void shouldUseOnlyTheApiOfTheLogButToLookAtDamagedFiles() {
    Set<JavaClass> others =
        classes.stream()
            .filter(Predicate.not(ArchitectureTest::mayLookBelow))
            .collect(Collectors.toSet());

    noClasses()
        .that(DescribedPredicate.describe("use the API", others::contains))
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.sawlog.log.*..").or(resideInAPackage("io.sawlog.index..")))
        .check(classes);
  }

  private static boolean mayLookBelow(JavaClass type) {
    String top = type.getName().substring(type.getPackageName().length() + 1);
    int inner = top.indexOf('$');
    return BELOW_THE_API.contains(inner < 0 ? top : top.substring(0, inner));
  }

  @Test
  void shouldLoadSlowLibrariesOnlyWhereTheyAreAskedFor() {
    noClasses()
        .that()
        .doNotHaveSimpleName("AnnotatedHex")
        .should()
        .dependOnClassesThat(resideInAPackage("net.openhft.."))
        .check(classes);
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.(JsonLines|JsonKey)(\\$.*)?")
        .should()
        .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."))
        .check(classes);
  }
}
