package io.containr.database;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.containr.testing.ServiceRules;

@AnalyzeClasses(packagesOf = ArchitectureTest.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests rules = ArchTests.in(ServiceRules.class);
}
