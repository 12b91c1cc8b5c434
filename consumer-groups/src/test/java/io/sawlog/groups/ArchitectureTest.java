package io.sawlog.groups;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void shouldUseNothingButThePublicApiOfTheLog() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sawlog.log.segment", "io.sawlog.log.file", "io.sawlog.index")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.sawlog.groups"));
  }
}
