use super::*;

const KEY: &str = "tests/keys/server.pem";

/// What delivers `path` in a tree of these files: `no`, `yes` or `unknown`.
fn check(files: &[(&str, &str)], path: &str, expected: &str) {
    let mut texts: BTreeMap<&str, &str> = files.iter().copied().collect();
    texts.insert(path, "");
    let paths: BTreeSet<&str> = texts.keys().copied().collect();
    let read = |path: &str| texts.get(path).map(|text| (*text).to_owned());
    let bytes = |path: &str| texts.get(path).map(|text| text.as_bytes().to_vec());
    let classes = PathClasses::stated().in_tree(&paths, &bytes, None);
    let found = if classes.of(path).may_ship() {
        Delivery::Yes(classes.why(path).unwrap_or_default().to_owned())
    } else {
        let tree = Tree { paths: &paths, read: &read, product: None };
        classes.delivered_in(&tree, &BTreeSet::from([path]))[path].clone()
    };
    let (word, reason) = match &found {
        Delivery::No => ("no", ""),
        Delivery::Unknown(reason) => ("unknown", reason.as_str()),
        Delivery::Yes(reason) => ("yes", reason.as_str()),
    };
    assert_eq!(word, expected, "{path} in {files:?}: {reason}");
}

fn each(name: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        check(&[("src/a.c", ""), (name, text)], KEY, expected);
    }
}

#[test]
fn nothing_that_is_read_delivers_a_plain_test_key() {
    check(&[("src/lib.rs", ""), ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n")], KEY, "no");
    check(&[("main.go", "package main"), ("go.mod", "module x.org/a\n")], "testdata/key.pem", "no");
    check(&[("a/__init__.py", ""), ("pyproject.toml", "[project]\nname = \"a\"\n")], KEY, "no");
    check(&[("index.js", ""), ("package.json", "{\"name\": \"a\", \"private\": true}")], KEY, "no");
}

#[test]
fn packages_of_npm_take_in_what_their_lists_say() {
    let package = |more: &str| format!("{{\"name\": \"a\", \"version\": \"1.0.0\"{more}}}");
    let main = package(", \"main\": \"index.js\"");
    let check = |package: &str, files: &[(&str, &str)], expected: &str| {
        let all = [&[("index.js", ""), ("package.json", package)], files].concat();
        check(&all, KEY, expected);
    };
    check(&main, &[], "yes");
    check(&main.replace('}', ", \"private\": true}"), &[], "no");
    check(&main.replace("\"version\"", "\"v\""), &[], "no");
    check(&main, &[(".npmignore", "tests\n")], "no");
    check(&main, &[(".npmignore", "docs\n"), (".gitignore", "tests\n")], "yes");
    check(&main, &[(".gitignore", "tests/keys\n")], "no");
    for (list, expected) in [
        ("[\"lib\"]", "no"),
        ("[]", "no"),
        ("[\"lib\", \"tests\"]", "yes"),
        ("[\"tests/**/*.pem\"]", "yes"),
        ("[\"./tests/keys/\"]", "yes"),
        ("[\"**/*.pem\", \"!tests/keys\"]", "no"),
        ("[\"*.pem\"]", "no"),
        ("[\"lib\", \"[x\"]", "unknown"),
        ("[\".\"]", "yes"),
    ] {
        check(&main.replace('}', &format!(", \"files\": {list}}}")), &[], expected);
    }
    // What holds scripts alone may never be published.
    super::tests::check(&[("src/a.c", ""), ("package.json", &package(""))], KEY, "unknown");
    super::tests::check(&[("index.js", ""), ("tools/package.json", &main)], KEY, "no");
}

#[test]
fn images_carry_what_their_last_stage_copies() {
    each(
        "Dockerfile",
        &[
            ("FROM alpine\nCOPY . .\n", "yes"),
            ("FROM alpine\nADD . /app\nRUN rm -rf /app/tests\n", "yes"),
            ("from alpine\ncopy tests/ /app/tests\n", "yes"),
            ("FROM alpine\nCOPY [\"tests/keys\", \"/etc/keys\"]\n", "yes"),
            ("FROM alpine\nCOPY --chown=a:a \\\n  # a remark\n  src tests \\\n  /app/\n", "yes"),
            ("FROM alpine\nCOPY */keys/*.pem /etc/\n", "yes"),
            ("FROM alpine\nCOPY src /app\n", "no"),
            ("FROM alpine\nCOPY src/ README.md /tests/\n", "no"),
            ("FROM alpine\n# COPY . .\nRUN cp -r /tests /a\n", "no"),
            ("FROM alpine\nADD https://example.org/tests /a\n", "no"),
            ("FROM alpine\nCOPY --exclude=tests . .\n", "no"),
            ("FROM alpine\nRUN <<EOF\nCOPY . .\nEOF\n", "no"),
            (
                "FROM rust AS build\nCOPY . .\nRUN cargo build\nFROM alpine\nCOPY --from=build /target/release/a /bin/\n",
                "no",
            ),
            ("FROM rust AS build\nWORKDIR /src\nCOPY . .\nFROM alpine\nCOPY --from=build /src /app\n", "yes"),
            ("FROM rust AS build\nWORKDIR /src\nCOPY . .\nFROM alpine\nCOPY --from=0 /src/tests/keys /app\n", "yes"),
            ("FROM rust AS build\nWORKDIR /src\nCOPY . .\nFROM alpine\nCOPY --from=build /src/out /app\n", "no"),
            ("FROM rust AS build\nCOPY . .\nFROM build\nRUN true\n", "yes"),
            ("FROM alpine\nARG FROM_DIR=tests\nCOPY ${FROM_DIR} /app\n", "yes"),
            ("FROM alpine\nARG FROM_DIR\nCOPY $FROM_DIR /app\n", "unknown"),
            ("FROM alpine AS app\nCOPY src /app\nFROM app AS test\nCOPY tests /app\n", "unknown"),
            ("FROM alpine AS full\nCOPY . /app\nFROM alpine AS slim\nCOPY src /app\n", "unknown"),
            ("FROM alpine AS test\nCOPY . /app\nFROM alpine AS slim\nCOPY src /app\n", "no"),
            ("FROM alpine\nCOPY --from=nginx . .\n", "no"),
        ],
    );
    let all = "FROM alpine\nCOPY . .\n";
    each("Containerfile", &[(all, "yes")]);
    each("web.Dockerfile", &[(all, "yes")]);
    each("Dockerfile.dev", &[(all, "unknown")]);
    each("docker/Dockerfile", &[(all, "unknown"), ("FROM alpine\nCOPY src /app\n", "no")]);
    each("tests/Dockerfile", &[(all, "no")]);
    for (ignored, expected) in [
        ("tests", "no"),
        ("**/*.pem", "no"),
        ("*.pem", "yes"),
        ("*\n!src", "no"),
        ("tests\n!tests/keys", "yes"),
        ("target\n", "yes"),
    ] {
        check(&[("src/a.c", ""), ("Dockerfile", all), (".dockerignore", ignored)], KEY, expected);
        check(&[("src/a.c", ""), ("Dockerfile", all), ("Dockerfile.dockerignore", ignored)], KEY, expected);
    }
}

#[test]
fn wheels_carry_the_packages_that_are_found() {
    let packages =
        [("a/__init__.py", ""), ("a/tests/__init__.py", ""), ("tests/__init__.py", ""), ("tests/keys/__init__.py", "")];
    let with = |name: &str, text: &str, path: &str, expected: &str| {
        check(&[packages.as_slice(), &[(name, text)]].concat(), path, expected);
    };
    let (key, own, data) = ("tests/keys/k.py", "a/tests/k.py", "a/tests/k.pem");
    for (arguments, of_key, of_own) in [
        ("", "yes", "yes"),
        ("exclude=['tests']", "yes", "yes"),
        ("exclude=['tests', 'tests.*']", "no", "yes"),
        ("exclude=[\"*.tests\", \"*.tests.*\", \"tests.*\", \"tests\"]", "no", "no"),
        ("include=['a', 'a.*']", "no", "yes"),
        ("'lib'", "no", "no"),
    ] {
        let text = format!("from setuptools import setup, find_packages\nsetup(packages=find_packages({arguments}))\n");
        with("setup.py", &text, key, of_key);
        with("setup.py", &text, own, of_own);
        with("setup.py", &text, data, "no");
    }
    with("setup.py", "setup(packages=['a'])", own, "no");
    with("setup.py", "setup(packages=['a', 'a.tests'])", own, "yes");
    with("setup.py", "setup(packages=find_packages(), package_data={'': ['*.pem']})", data, "yes");
    with("setup.cfg", "[options]\npackages = find:\n", key, "yes");
    with("setup.cfg", "[options]\npackages = find:\n[options.packages.find]\nexclude =\n  tests*\n", key, "no");
    let build = |backend: &str| format!("[build-system]\nbuild-backend = \"{backend}\"\n[project]\nname = \"a\"\n");
    with("pyproject.toml", &build("setuptools.build_meta"), own, "yes");
    with("pyproject.toml", &build("setuptools.build_meta"), key, "no");
    with("pyproject.toml", &build("setuptools.build_meta"), data, "no");
    let find = format!("{}[tool.setuptools.packages.find]\nwhere = [\".\"]\n", build("setuptools.build_meta"));
    with("pyproject.toml", &find, key, "yes");
    with("pyproject.toml", &format!("{find}exclude = [\"tests*\"]\n"), key, "no");
    for backend in ["hatchling.build", "poetry.core.masonry.api", "flit_core.buildapi", "pdm.backend"] {
        with("pyproject.toml", &build(backend), data, "yes");
        with("pyproject.toml", &build(backend), key, "no");
    }
    with(
        "pyproject.toml",
        &format!("{}[tool.hatch.build]\nexclude = [\"tests\"]\n", build("hatchling.build")),
        data,
        "no",
    );
    for more in [
        "[tool.hatch.build.targets.wheel]\ninclude = [\"a\", \"/tests\"]\n",
        "[tool.hatch.build.targets.wheel]\npackages = [\"a\", \"tests\"]\n",
        "[tool.hatch.build.targets.wheel.force-include]\n\"tests/keys\" = \"a/keys\"\n",
    ] {
        with("pyproject.toml", &format!("{}{more}", build("hatchling.build")), key, "yes");
    }
    with("pyproject.toml", "[tool.poetry]\nname = \"a\"\ninclude = [{ path = \"tests\" }]\n", key, "yes");
    with("pyproject.toml", &build("mesonpy"), own, "unknown");
    with(
        "pyproject.toml",
        &format!("{}[tool.flit.sdist]\ninclude = [\"tests/\"]\n", build("flit_core.buildapi")),
        key,
        "unknown",
    );
}

#[test]
fn a_source_archive_takes_in_what_its_list_names() {
    let text = "from setuptools import setup\nsetup(packages=['a'])\n";
    for (lines, expected) in [
        ("include tests/keys/*.pem\n", "unknown"),
        ("recursive-include tests *\n", "unknown"),
        ("recursive-include tests *.py\n", "no"),
        ("graft tests\n", "unknown"),
        ("graft tests\nprune tests/keys\n", "no"),
        ("graft tests\nglobal-exclude *.pem\n", "no"),
        ("include README.md\n", "no"),
        ("", "no"),
    ] {
        check(&[("a/__init__.py", ""), ("setup.py", text), ("MANIFEST.in", lines)], KEY, expected);
    }
    let cargo = |more: &str| format!("[package]\nname = \"a\"\nversion = \"1.0.0\"\n{more}");
    for (more, expected) in [
        ("include = [\"src\", \"tests/**\"]\n", "unknown"),
        ("include = [\"/tests/keys/*.pem\"]\n", "unknown"),
        ("include = [\"src\", \"*.pem\"]\n", "no"),
        ("publish = false\ninclude = [\"tests\"]\n", "no"),
        ("exclude = [\"docs\"]\n", "no"),
        ("[package.metadata.deb]\nassets = [[\"tests/keys/server.pem\", \"etc/a/\", \"644\"]]\n", "yes"),
        ("[package.metadata.deb]\nassets = [[\"target/release/a\", \"usr/bin/\", \"755\"]]\n", "no"),
    ] {
        check(&[("src/lib.rs", ""), ("Cargo.toml", &cargo(more))], KEY, expected);
    }
    let gem = |files: &str| format!("Gem::Specification.new do |spec|\n  spec.files = {files}\nend\n");
    check(&[("lib/a.rb", ""), ("a.gemspec", &gem("`git ls-files -z`.split(\"\\x0\")"))], KEY, "yes");
    check(
        &[("lib/a.rb", ""), ("a.gemspec", &gem("`git ls-files`.split.reject { |f| f.match(%r{^(tests|spec)/}) }"))],
        KEY,
        "no",
    );
    check(&[("lib/a.rb", ""), ("a.gemspec", &gem("Dir[\"lib/**/*\"]"))], KEY, "no");
}

#[test]
fn go_embeds_what_its_patterns_match() {
    let program = |pattern: &str| format!("package main\n\n//go:embed {pattern}\nvar files embed.FS\n");
    for (pattern, expected) in [
        ("testdata/key.pem", "yes"),
        ("testdata", "yes"),
        ("all:testdata", "yes"),
        ("\"testdata/key.pem\"", "yes"),
        ("a.txt testdata/*.pem", "yes"),
        ("*/key.pem", "yes"),
        ("*", "yes"),
        ("testdata/*.txt", "no"),
        ("*.pem", "no"),
        ("other", "no"),
    ] {
        check(&[("go.mod", "module x.org/a\n"), ("main.go", &program(pattern))], "testdata/key.pem", expected);
        check(
            &[("go.mod", "module x.org/a\n"), ("main_test.go", &program(pattern)), ("main.go", "")],
            "testdata/key.pem",
            "no",
        );
    }
}

#[test]
fn folders_of_resources_ship_with_all_that_is_in_them() {
    let tree = [("src/a.c", "")];
    for path in [
        "src/main/resources/test/key.pem",
        "app/src/main/assets/samples/key.pem",
        "src/main/java/org/example/testing/Key.java",
        "resources/examples/key.pem",
        "assets/demo/key.json",
        "public/test/key.pem",
        "web/static/docs/key.pem",
        "Sources/A/Resources/fixtures/key.pem",
    ] {
        check(&tree, path, "yes");
    }
    for path in [
        "src/test/resources/key.pem",
        "tests/resources/key.pem",
        "examples/public/key.pem",
        "docs/static/key.pem",
        "samples/app/src/main/resources/key.pem",
        "main/test/key.pem",
    ] {
        check(&tree, path, "no");
    }
}

#[test]
fn what_a_source_that_ships_names_is_open() {
    for (name, text, expected) in [
        ("src/a.js", "fs.readFileSync('tests/keys/server.pem')", "unknown"),
        ("src/a.js", "path.join(root, 'tests', 'keys', \"server.pem\")", "unknown"),
        ("src/a.py", "open('../tests/keys/server.pem')", "unknown"),
        ("src/A.java", "new File(\"tests/keys/server.pem\")", "unknown"),
        ("A.csproj", "<EmbeddedResource Include=\"tests\\keys\\server.pem\" />", "unknown"),
        (".goreleaser.yml", "archives:\n  - files: [tests/keys/server.pem]\n", "unknown"),
        ("src/a.js", "open('/etc/keys/server.pem')", "no"),
        ("src/a.js", "open('contests/server.pem')", "no"),
        ("src/a.js", "run('tests')\nopen('server.pem')", "no"),
        ("tests/a.js", "open('tests/keys/server.pem')", "no"),
        ("jest.config.js", "open('tests/keys/server.pem')", "no"),
        ("src/lib.rs", "#[cfg(test)] mod t { fn f() { open(\"tests/keys/server.pem\") } }", "no"),
        ("README.md", "tests/keys/server.pem", "no"),
    ] {
        check(&[("src/b.c", ""), (name, text)], KEY, expected);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String, verb in 0..8_usize) {
        let verbs = ["COPY ", "FROM a AS ", "graft ", "[tool.hatch]\nexclude = ", "setup(packages=find_packages(", "{\"files\": ", "ENV A=${", ""];
        let text = format!("{}{text}", verbs[verb]);
        let files = [("Dockerfile", text.as_str()), ("setup.py", &text), ("MANIFEST.in", &text), ("pyproject.toml", &text),
            ("package.json", &text), ("Cargo.toml", &text), ("a.gemspec", &text), (".dockerignore", &text), ("setup.cfg", &text)];
        let texts: BTreeMap<&str, &str> = files.into_iter().collect();
        let paths: BTreeSet<&str> = texts.keys().copied().chain([KEY]).collect();
        let read = |path: &str| texts.get(path).map(|text| (*text).to_owned());
        PathClasses::stated().delivered_in(&Tree { paths: &paths, read: &read, product: None }, &BTreeSet::from([KEY]));
    }
}
