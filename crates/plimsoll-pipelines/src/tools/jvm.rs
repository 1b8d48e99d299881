//! Tools of Java and its kin.

use super::{GRADLE, MAVEN, Operands, Tool};

const TOOL: Tool = Tool { of: &["Java", "Kotlin", "Scala", "Groovy"], ..super::TOOL };

const GRADLE_OPTIONS: &str = "--no-daemon --daemon --stacktrace --full-stacktrace --info --debug --warn --quiet -q -s -S -i -d \
    --parallel --no-parallel --build-cache --no-build-cache --configuration-cache --no-configuration-cache --scan --no-scan \
    --console= --warning-mode= --max-workers= --rerun-tasks --refresh-dependencies --configure-on-demand --profile \
    --no-watch-fs --offline --rerun";

const GRADLE_GOALS: &[(&str, &str)] = &[
    ("test", "test"),
    ("check", "test"),
    ("build", "test"),
    ("allTests", "test"),
    ("integrationTest", "test"),
    ("testDebugUnitTest", "test"),
    ("testReleaseUnitTest", "test"),
    ("connectedCheck", "test"),
    ("connectedAndroidTest", "test"),
    ("lint", "lint"),
    ("lintDebug", "lint"),
    ("lintRelease", "lint"),
    ("detekt", "analysis"),
    ("ktlintCheck", "lint"),
    ("checkstyleMain", "lint"),
    ("pmdMain", "analysis"),
    ("spotbugsMain", "analysis"),
    ("spotlessCheck", "format"),
    ("dependencyCheckAnalyze", "audit"),
    ("cyclonedxBom", "sbom"),
    ("publish", "publish"),
    ("clean", ""),
    ("assemble", ""),
    ("assembleDebug", ""),
    ("assembleRelease", ""),
    ("compileJava", ""),
    ("compileKotlin", ""),
    ("classes", ""),
    ("testClasses", ""),
    ("jar", ""),
    ("javadoc", ""),
    ("jacocoTestReport", "coverage"),
];

const MAVEN_GOALS: &[(&str, &str)] = &[
    ("test", "test"),
    ("package", "test"),
    ("verify", "test"),
    ("integration-test", "test"),
    ("install", "test"),
    ("deploy", "publish"),
    ("clean", ""),
    ("validate", ""),
    ("compile", ""),
    ("test-compile", ""),
    ("site", ""),
    ("checkstyle:check", "lint"),
    ("pmd:check", "analysis"),
    ("spotbugs:check", "analysis"),
    ("spotless:check", "format"),
    ("org.owasp:dependency-check-maven:check", "audit"),
    ("dependency-check:check", "audit"),
    ("cyclonedx:makeAggregateBom", "sbom"),
    ("cyclonedx:makeBom", "sbom"),
    ("org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom", "sbom"),
];

const SBT_GOALS: &[(&str, &str)] = &[
    ("test", "test"),
    ("+test", "test"),
    ("clean", ""),
    ("compile", ""),
    ("+compile", ""),
    ("scalafmtCheckAll", "format"),
];

pub(super) const JVM: &[Tool] = &[
    Tool {
        run: &["mvn"],
        is: &["test"],
        options: "-B --batch-mode -e --errors -X --debug -q --quiet -U --update-snapshots -V --show-version -ntp --no-transfer-progress -T= --threads= -P= -s= --settings= -o --offline -C --strict-checksums -fae --fail-at-end -ff --fail-fast -nsu --color= -Dstyle.color= -Dmaven.repo.local= -Dgpg.skip -DskipITs[=] -DfailBuildOnCVSS= -am -amd",
        operands: Operands::Goals(MAVEN_GOALS),
        void: "-DskipTests -DskipTests=true -Dmaven.test.skip -Dmaven.test.skip=true --show-only",
        passes: "-fn --fail-never -Dmaven.test.failure.ignore -Dmaven.test.failure.ignore=true -DtestFailureIgnore=true",
        folder: "-f --file",
        manifests: MAVEN,
        ..TOOL
    },
    Tool {
        run: &["gradle"],
        is: &["test"],
        options: GRADLE_OPTIONS,
        operands: Operands::Goals(GRADLE_GOALS),
        void: "-m -x=test -x=check --exclude-task=test --exclude-task=check tasks properties",
        passes: "",
        folder: "-p --project-dir",
        manifests: GRADLE,
        ..TOOL
    },
    Tool {
        run: &["sbt"],
        is: &["test"],
        options: "-v -batch --no-colors -Dsbt.color=",
        operands: Operands::Goals(SBT_GOALS),
        manifests: &["build.sbt"],
        ..TOOL
    },
    Tool {
        run: &[
            "lein test",
            "clojure -M:test",
            "clojure -X:test",
            "clj -M:test",
            "mill __.test",
            "bb test",
            "kaocha",
            "ant test",
        ],
        is: &["test"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool { run: &["ktlint", "detekt", "checkstyle"], is: &["lint"], operands: Operands::Select, ..TOOL },
    Tool { run: &["spotbugs"], is: &["analysis"], operands: Operands::Select, ..TOOL },
];
