use crate::{Cause, Dependencies, Inventory, Locked, Options, Origin, test_support};

fn of(files: &[(&str, &str)]) -> Inventory {
    test_support::of(files, &Options::default())
}

/// `NAME VERSION reach` of every component that is not a member, sorted.
fn listed(inventory: &Inventory) -> Vec<String> {
    let foreign = inventory.components.iter().filter(|component| !component.member);
    let mut all: Vec<String> =
        foreign.map(|one| format!("{} {} {}", one.name, one.version, one.reach.as_str())).collect();
    all.sort();
    all
}

fn gaps(inventory: &Inventory) -> String {
    let all: Vec<String> = inventory.gaps.iter().map(|gap| format!("{:?} {}\n", gap.cause, gap.reason)).collect();
    all.concat()
}

fn project(name: &str, inner: &str) -> String {
    format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion><groupId>org.acme</groupId><artifactId>{name}</artifactId><version>1.0</version>{inner}</project>"
    )
}

fn dependency(name: &str, version: &str, more: &str) -> String {
    let version = if version.is_empty() { String::new() } else { format!("<version>{version}</version>") };
    let (group, artifact) = name.split_once(':').unwrap();
    format!("<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>{version}{more}</dependency>")
}

fn dependencies(all: &[String]) -> String {
    format!("<dependencies>{}</dependencies>", all.concat())
}

#[test]
fn direct_dependencies_are_listed_and_told_to_be_no_more() {
    let text = project(
        "app",
        &format!(
            "<licenses><license><name>Apache-2.0</name></license></licenses><properties><v>2.0</v></properties>{}<build><plugins><plugin><artifactId>maven-jar-plugin</artifactId><version>3.3.0</version></plugin></plugins></build>",
            dependencies(&[
                dependency("a.b:c", "1.0", ""),
                dependency("a.b:d", "${v}.1", "<scope>runtime</scope>"),
                dependency("a.b:e", "[3.0]", "<optional>true</optional>"),
                dependency("junit:junit", "4.13", "<scope>test</scope>"),
                dependency("jakarta:servlet", "6", "<scope>provided</scope>"),
            ])
        ),
    );
    let found = of(&[("app/pom.xml", &text)]);
    assert_eq!(
        listed(&found),
        [
            "a.b:c 1.0 shipped",
            "a.b:d 2.0.1 shipped",
            "a.b:e 3.0 shipped",
            "jakarta:servlet 6 build",
            "junit:junit 4.13 dev",
            "org.apache.maven.plugins:maven-jar-plugin 3.3.0 build"
        ],
        "{}",
        gaps(&found)
    );
    let workspace = &found.workspaces[0];
    assert_eq!((workspace.locked, workspace.dependencies), (Locked::No, Dependencies::Some));
    assert!(
        gaps(&found).contains("app/pom.xml has no lockfile next to it: 6 direct dependencies can be listed, and what they need is not known"),
        "{}",
        gaps(&found)
    );
    let all = test_support::by_name(&found);
    let one = all["a.b:c"];
    assert_eq!((one.purl.as_str(), one.direct, &one.origin), ("pkg:maven/a.b/c@1.0", true, &Origin::Public("Maven")));
    assert!(one.ships() && one.hashes.is_empty() && one.lockfile.is_none());
    let own = all["org.acme:app"];
    assert_eq!(own.purl, "pkg:maven/org.acme/app@1.0?download_url=file:%2F%2F.%2Fapp");
    assert_eq!((own.licence.as_deref(), own.depends_on.len()), (Some("Apache-2.0"), 6));
    assert!(found.lockfiles.is_empty());
    // Nothing is asked for.
    let found = of(&[("pom.xml", &project("app", ""))]);
    assert_eq!(found.workspaces[0].dependencies, Dependencies::None, "{}", gaps(&found));
    assert!(found.gaps.iter().all(|gap| gap.cause == Cause::NotCompared), "{}", gaps(&found));
}

#[test]
fn a_version_that_is_not_one_is_told_and_not_listed() {
    for (version, more, told) in [
        ("[1.0,2.0)", "", "nor which versions of 1 more it takes"),
        ("LATEST", "", "nor which versions of 1 more"),
        ("1.0-SNAPSHOT", "", "nor which versions of 1 more"),
        ("${unset}", "", "which version of a.b:c ${unset} it takes is in no file of the tree"),
        ("${loop}", "", "which version of a.b:c ${loop} it takes"),
        ("", "", "which version of a.b:c"),
        ("1.0", "<scope>system</scope><systemPath>/x.jar</systemPath>", "which version of a.b:c"),
        ("1 0", "", "nor which versions of 1 more"),
    ] {
        let text = project(
            "app",
            &format!(
                "<properties><loop>${{loop}}</loop></properties>{}",
                dependencies(&[dependency("x:y", "1.0", ""), dependency("a.b:c", version, more)])
            ),
        );
        let found = of(&[("pom.xml", &text)]);
        assert_eq!(listed(&found), ["x:y 1.0 shipped"], "{version}");
        assert!(gaps(&found).contains(told), "{version} {told}: {}", gaps(&found));
        assert_eq!(found.workspaces[0].locked, Locked::No);
    }
    for name in ["${unset}:c", "a b:c", ":c", "a:"] {
        let text = project("app", &dependencies(&[dependency(name, "1.0", ""), dependency("x:y", "1.0", "")]));
        let found = of(&[("pom.xml", &text)]);
        assert_eq!(listed(&found), ["x:y 1.0 shipped"], "{name}");
        assert!(gaps(&found).contains("which is not computed"), "{name}: {}", gaps(&found));
    }
}

#[test]
fn a_file_that_is_not_understood_is_named() {
    let deep = format!("<project><artifactId>a</artifactId>{}{}</project>", "<a>".repeat(100), "</a>".repeat(100));
    for (text, told) in [
        ("", "not XML"),
        ("<project>", "not XML"),
        ("<project></other>", "not XML"),
        ("<other/>", "no project of Maven"),
        ("<project/>", "no artifactId"),
        ("<project><artifactId> </artifactId></project>", "no artifactId"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><project><artifactId>&b;</artifactId></project>", "document type declaration"),
        ("<project><artifactId>&x;</artifactId></project>", "not XML"),
        (&deep, "deeper than 64"),
    ] {
        let found = of(&[("pom.xml", text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == Cause::Manifest && gap.reason.contains(told));
        assert!(named, "{told}: {}", gaps(&found));
    }
    let found = of(&[("pom.xml", "<project><artifactId>a</artifactId></project>")]);
    assert!(gaps(&found).contains("its own name is not computed"), "{}", gaps(&found));
}

#[test]
fn parents_of_the_tree_are_followed_and_others_are_told() {
    let managed = format!(
        "<dependencyManagement>{}</dependencyManagement>",
        dependencies(&[dependency("a.b:c", "${v}", "<scope>test</scope>"), dependency("a.b:d", "5.0", "")])
    );
    let root = project(
        "root",
        &format!(
            "<packaging>pom</packaging><modules><module>core</module><module>app</module></modules><properties><v>2.0</v></properties>{managed}{}",
            dependencies(&[dependency("all:all", "9", "")])
        ),
    );
    let child = |parent: &str, name: &str, inner: &str| {
        format!(
            "<project><parent><groupId>org.acme</groupId><artifactId>root</artifactId><version>1.0</version>{parent}</parent><artifactId>{name}</artifactId>{inner}</project>"
        )
    };
    let core = child("", "core", &dependencies(&[dependency("a.b:c", "", ""), dependency("a.b:d", "6.0", "")]));
    let app = child(
        "",
        "app",
        &format!(
            "<properties><v>3.0</v></properties>{}",
            dependencies(&[
                dependency("${project.groupId}:core", "${project.version}", ""),
                dependency("a.b:c", "", "<scope>compile</scope>")
            ])
        ),
    );
    let files = [("pom.xml", root.as_str()), ("core/pom.xml", &core), ("app/pom.xml", &app)];
    let found = of(&files);
    assert_eq!((found.workspaces.len(), found.workspaces[0].members), (1, 3), "{}", gaps(&found));
    let named: Vec<String> = found
        .components
        .iter()
        .filter(|one| !one.member)
        .map(|one| format!("{} {} {} {}", one.place, one.name, one.version, one.reach.as_str()))
        .collect();
    let mut expected = [
        "app/pom.xml a.b:c 3.0 shipped",
        "app/pom.xml all:all 9 shipped",
        "core/pom.xml a.b:c 2.0 dev",
        "core/pom.xml a.b:d 6.0 shipped",
        "core/pom.xml all:all 9 shipped",
        "pom.xml all:all 9 shipped",
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    let mut sorted = named;
    sorted.sort();
    expected.sort();
    assert_eq!(sorted, expected, "{}", gaps(&found));
    assert!(!gaps(&found).contains("not in the tree"), "{}", gaps(&found));
    // A parent that is not there.
    let gone = child("<relativePath/>", "app", "").replace("<version>1.0", "<version>7.0");
    let found = of(&[files[0], ("app/pom.xml", &gone)]);
    assert!(gaps(&found).contains("its parent org.acme:root 7.0 is not in the tree"), "{}", gaps(&found));
    let found = of(&[("app/pom.xml", &app)]);
    assert!(gaps(&found).contains("its parent org.acme:root 1.0 is not in the tree"), "{}", gaps(&found));
    // One that leads out of the tree, and two that lead to each other.
    let out = child("<relativePath>../../x</relativePath>", "app", "");
    assert!(gaps(&of(&[("app/pom.xml", &out)])).contains("is not in the tree"));
    let one = "<project><parent><groupId>g</groupId><artifactId>b</artifactId><version>1</version><relativePath>../b</relativePath></parent><artifactId>a</artifactId></project>";
    let other = one
        .replace("<artifactId>b<", "<artifactId>c<")
        .replace("<artifactId>a<", "<artifactId>b<")
        .replace("<artifactId>c<", "<artifactId>a<")
        .replace("../b", "../a");
    let found = of(&[("a/pom.xml", one), ("b/pom.xml", &other)]);
    assert!(gaps(&found).contains("its parents lead to each other"), "{}", gaps(&found));
    // A project of the tree in another version is from elsewhere.
    let old = child("", "app", &dependencies(&[dependency("org.acme:core", "0.9", "")]));
    let found = of(&[files[0], files[1], ("app/pom.xml", &old)]);
    assert!(listed(&found).contains(&"org.acme:core 0.9 shipped".to_owned()), "{:?}", listed(&found));
}

#[test]
fn profiles_and_lists_of_others_may_add_to_it() {
    let profile = format!(
        "<profiles><profile><id>p</id><properties><v>2.0</v><w>1</w></properties>{}</profile><profile><id>q</id><properties><w>2</w></properties></profile></profiles>",
        dependencies(&[dependency("p:p", "1.0", "")])
    );
    let text = project(
        "app",
        &format!(
            "<properties><v>1.0</v></properties>{profile}{}",
            dependencies(&[dependency("a:b", "${v}", ""), dependency("a:c", "${w}", "")])
        ),
    );
    let found = of(&[("pom.xml", &text)]);
    assert_eq!(listed(&found), ["a:b 1.0 shipped", "p:p 1.0 shipped"], "{}", gaps(&found));
    let bom = project(
        "bom",
        &format!("<dependencyManagement>{}</dependencyManagement>", dependencies(&[dependency("a:b", "4.0", "")])),
    );
    let import = |name: &str| {
        format!(
            "<dependencyManagement>{}</dependencyManagement>{}",
            dependencies(&[dependency(name, "1.0", "<type>pom</type><scope>import</scope>")]),
            dependencies(&[dependency("a:b", "", "")])
        )
    };
    let found = of(&[("bom/pom.xml", &bom), ("app/pom.xml", &project("app", &import("org.acme:bom")))]);
    assert_eq!(listed(&found), ["a:b 4.0 shipped"], "{}", gaps(&found));
    let found = of(&[("app/pom.xml", &project("app", &import("org.other:bom")))]);
    assert!(listed(&found).is_empty());
    assert!(gaps(&found).contains("app/pom.xml has no lockfile next to it"), "{}", gaps(&found));
    // What an archive brought along.
    let found = of(&[("x/META-INF/maven/g/a/pom.xml", &text)]);
    assert_eq!(found.workspaces.len(), 0);
}

#[test]
fn another_repository_may_have_each_package() {
    let repository = |inner: &str| {
        let text = project(
            "app",
            &format!(
                "<repositories><repository>{inner}</repository></repositories>{}",
                dependencies(&[dependency("a:b", "1.0", "")])
            ),
        );
        test_support::by_name(&of(&[("pom.xml", &text)]))["a:b"].origin.clone()
    };
    let other = |url: &str| Origin::Registry(url.to_owned());
    for (inner, expected) in [
        ("<url>https://repo.maven.apache.org/maven2/</url>", Origin::Public("Maven")),
        ("<url>https://repo1.maven.org/maven2</url>", Origin::Public("Maven")),
        ("<url>http://repo1.maven.org/maven2</url>", other("http://repo1.maven.org/maven2")),
        ("<url>https://u:w@r.example/m2?k=1</url>", other("https://r.example/m2")),
        ("<url>${unset}</url>", other("unknown")),
        ("<url>file:///x</url>", other("unknown")),
        ("", other("unknown")),
        ("<url>https://s.example</url><releases><enabled>false</enabled></releases>", Origin::Public("Maven")),
    ] {
        assert_eq!(repository(inner), expected, "{inner}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", xml in "(<(project|parent|artifactId|groupId|version|dependencies|dependency|properties|a|modules|module)>|a|\\$\\{a\\}|\\.\\./|1|</(project|parent|artifactId|groupId|version|dependencies|dependency|properties|a|modules|module)>){0,30}") {
        let inner = text.replace(['<', '&'], "");
        for text in [&text, &xml, &inner] {
            let _ = of(&[("pom.xml", text)]);
            let _ = of(&[("pom.xml", &project("app", text)), ("x/pom.xml", &project(&inner, &dependencies(&[dependency("a:b", text, "")])))]);
        }
    }
}
