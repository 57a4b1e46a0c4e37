package io.chela.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/// Who may know whom: `docs/` and the module descriptors say it, these rules hold it inside and between them.
final class ArchitectureTest {
    /// A little below what there was when this was written: a rule over no classes always holds.
    private static final int LEAST_CLASSES = 280;

    private static final String[] THINKING = {
        "io.chela.api..", "io.chela.auth..", "io.chela.agent..", "io.chela.session.."
    };
    private static final String[] EXTENSIONS = {"io.chela.model..", "io.chela.store..", "io.chela.tools.."};
    private static final String[] DOORS = {"io.chela.openai.http..", "io.chela.gateway.ws.."};
    private static final String EDGE = "io.chela.edge..";
    private static final String APP = "io.chela.app..";

    private static final JavaClasses CLASSES = new ClassFileImporter().importPaths(Repository.classFolders());

    @Test
    void sawEveryModule() {
        assertThat(CLASSES.size()).isGreaterThanOrEqualTo(LEAST_CLASSES);
        for (String name : List.of("api", "auth", "agent", "session", "edge", "openai", "gateway", "model", "app")) {
            assertThat(CLASSES.that(resideInAPackage("io.chela." + name + "..")))
                    .as(name)
                    .isNotEmpty();
        }
    }

    @Test
    void hasNoCyclesBetweenModules() {
        slices().matching("io.chela.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void keepsTheWebServerAtTheEdge() {
        noClasses()
                .that(resideInAnyPackage(THINKING).or(resideInAnyPackage(EXTENSIONS)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.helidon.webserver..")
                .check(CLASSES);
    }

    @Test
    void letsThinkingKnowNoDoor() {
        noClasses()
                .that()
                .resideInAnyPackage(THINKING)
                .should()
                .dependOnClassesThat(resideInAPackage(EDGE)
                        .or(resideInAnyPackage(DOORS))
                        .or(resideInAnyPackage(EXTENSIONS))
                        .or(resideInAPackage(APP)))
                .check(CLASSES);
    }

    @Test
    void keepsDoorsAndExtensionsApart() {
        slices().assignedFrom(new Leaves()).should().notDependOnEachOther().check(CLASSES);
    }

    @Test
    void loadsServicesInTheAppAlone() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(APP)))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ServiceLoader.class)
                .check(CLASSES);
        assertThat(CLASSES.get("io.chela.app.Extensions").getDirectDependenciesFromSelf())
                .anyMatch(dependency -> dependency.getTargetClass().isEquivalentTo(ServiceLoader.class));
    }

    /// Each door and each extension is a slice of its own: the first two names behind `io.chela`.
    private static final class Leaves implements SliceAssignment {
        private static final DescribedPredicate<JavaClass> LEAF =
                resideInAnyPackage(DOORS).or(resideInAnyPackage(EXTENSIONS));

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!LEAF.test(type)) {
                return SliceIdentifier.ignore();
            }
            String[] names = type.getPackageName().split("\\.");
            return SliceIdentifier.of(names[2], names[3]);
        }

        @Override
        public String getDescription() {
            return "doors and extensions";
        }
    }
}
