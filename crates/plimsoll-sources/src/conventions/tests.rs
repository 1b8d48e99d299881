//! Tests in the forms of each language, and what only looks like them.

use super::*;

fn check(rows: &[(&str, &str, u64, u64)]) {
    for (path, text, tests, unclear) in rows {
        let counts = tests_in(path, text);
        assert_eq!((counts.tests + counts.properties, counts.unclear), (*tests, *unclear), "{path}: {text}");
    }
}

#[test]
fn every_form_is_a_form() {
    for (one, forms) in CONVENTIONS.iter().zip(FORMS.iter()) {
        assert!(
            forms.test.is_some() && forms.property.is_some() && forms.fuzz.is_some() && forms.bench.is_some(),
            "{}",
            one.language
        );
        assert!(languages::of(&format!("a.{}", "x")).is_none());
    }
}

#[test]
fn tests_are_seen_in_every_language() {
    check(&[
        ("test/app.use.js", "describe('app', function () { it('works', function () { assert.ok(f()); }); });", 1, 0),
        ("test/a.js", "test('works', () => { g(1); });", 1, 0),
        ("tests/unit/app.js", "it('works', () => {\n  g(1);\n});", 1, 0),
        ("cypress/e2e/login.cy.ts", "it('works', () => { g(1) });", 1, 0),
        ("src/a.test.ts", "it.each`a | b`('y', () => { g(1) });", 1, 0),
        ("tests/tests.py", "class T(unittest.TestCase):\n    def test_a(self): g(1)\n", 1, 0),
        ("tests/test_a.py", "class TestA:\n    def testThing(self): assert f()\n", 1, 0),
        ("tests/test_a.py", "def test_a():\n    \"\"\"x\"\"\"\n    assert f()\ndef helper():\n    pass\n", 1, 0),
        ("tests/a_test.cpp", "TEST(A, B) { EXPECT_TRUE(f()); }", 1, 0),
        ("tests/a.cpp", "TEST_CASE(\"a\") { REQUIRE(f()); }", 1, 0),
        ("tests/TestA.cpp", "void TestA::works() { QVERIFY(f()); }\nQTEST_GUILESS_MAIN(TestA)", 1, 0),
        ("tests/a.c", "START_TEST(a) { ck_assert(f()); } END_TEST", 1, 0),
        ("tests/b.c", "static void a(void **s) { assert_true(f()); }", 1, 0),
        ("Tests/AppTests/ATests.swift", "  func testA() { XCTAssert(f()) }", 1, 0),
        ("Tests/A.swift", "@Test func a() { #expect(f()) }", 1, 0),
        ("Tests/A.m", "#import <A.h>\n- (void)testA { XCTAssert(f()); }", 1, 0),
        (
            "tests/ATest.php",
            "<?php class ATest extends TestCase { public function testA() { $this->assertTrue(f()); } }",
            1,
            0,
        ),
        ("test/a_test.exs", "  test \"a\" do assert f() end", 1, 0),
        ("src/test/scala/A.scala", "class A extends AnyFunSuite { test(\"a\") { assert(f()) } }", 1, 0),
        ("test/Spec.hs", "main = hspec $ it \"a\" $ True `shouldBe` True", 1, 0),
        ("test/a_test.dart", "void main() { test('a', () { g(1); }); }", 1, 0),
        ("src/a.zig", "test \"a\" { try std.testing.expect(f()); }", 1, 0),
        ("test/runtests.jl", "@test true", 1, 0),
        ("t/a.t", "use Test::More tests => 1; ok(f());", 1, 0),
        ("test/a.bats", "@test \"a\" { true; }", 1, 0),
        ("spec/a_spec.lua", "it(\"a\", function() g(1) end)", 1, 0),
        ("tests/testthat/test-a.R", "test_that(\"a\", { expect_true(f()) })", 1, 0),
        ("test/a.ml", "let%test _ = true", 1, 0),
        ("test/a_test.clj", "(deftest a (is true))", 1, 0),
        ("test/a_SUITE.erl", "a_test() -> ?assert(true).", 1, 0),
        ("test/test_a.rb", "class A < Minitest::Test; def test_a; assert f(); end; end", 1, 0),
        ("spec/a_spec.rb", "  it \"works\" do expect(f).to be true end", 1, 0),
        ("src/test/kotlin/A.kt", "  @Test fun a() { g(1) }", 1, 0),
        ("src/test/java/WTest.java", "  @Test void a() { g(1); }", 1, 0),
        ("tests/A.cs", "  [Fact] public void a() { g(1); }", 1, 0),
        ("tests/A.cs", "  [TestMethod] public void a() { g(1); }", 1, 0),
        ("tests/A.vb", "<TestMethod> Public Sub A()", 1, 0),
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @Test\n  @DisplayName(\"x\")\n  void a() throws X {\n    f();\n  }\n}",
            1,
            0,
        ),
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @ParameterizedTest\n  @ValueSource(strings = {\"a\"})\n  void a(String a) {\n    assertTrue(f(a));\n  }\n}",
            1,
            0,
        ),
        (
            "tests/ATest.php",
            "<?php class ATest extends TestCase {\n  public function testA(): void\n  {\n    $this->assertSame(1, f());\n  }\n}",
            1,
            0,
        ),
        ("spec/a_spec.rb", "describe A do\n  it \"a\" do\n    expect(f).to be 1\n  end\nend", 1, 0),
        ("spec/a_spec.rb", "describe A do\n  it { is_expected.to be 1 }\nend", 1, 0),
        ("tests/a.spec.ts", "test('a', async ({ page }) => {\n  await page.goto('/');\n});", 1, 0),
        ("tests/a.test.js", "test('a', function () {\n  expect(f()).toBe(1);\n});", 1, 0),
        ("tests/a.test.js", "test('a', () => expect(f()).toBe(1));", 1, 0),
        ("tests/a.test.js", "test('a', f);\nfunction g() {}", 1, 0),
        ("tests/a_test.cpp", "#if 0\nTEST(A, B) {}\n#else\nTEST(A, C) {\n  EXPECT_EQ(f(), 1);\n}\n#endif", 1, 0),
        ("t/a.t", "plan skip_all => 'x' unless f();\nok(f());", 1, 0),
        (
            "tests/test_a.py",
            "@pytest.mark.xfail\ndef test_a():\n    assert f()\n\ndef test_b():\n    assert f()\n",
            1,
            1,
        ),
        ("a_test.go", "func TestA(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Fatal(1)\n\t}\n}", 1, 0),
        ("src/test/kotlin/ATest.kt", "class ATest {\n  @Test\n  fun a() = runTest {\n    f()\n  }\n}", 1, 0),
        ("a_test.go", "func TestA(t *testing.T) { t.Log(f()) }", 1, 0),
        (
            "a_test.go",
            "//go:build linux && !race\n\npackage a\nfunc TestA(t *testing.T) {\n\tf()\n\tt.Skip(1)\n}",
            1,
            0,
        ),
        ("a_test.go", "func ExampleA() {\n\tf()\n\t// Output: 1\n}", 1, 0),
        ("a_test.go", "func TestA(t *testing.T) {\n\tif testing.Short() {\n\t\tt.Skip(1)\n\t}\n\tf()\n}", 1, 0),
        (
            "tests/a.test.js",
            "describe('x', () => {\n  it.skip('a', () => { g(1) });\n  it('y', () => { ok(/a/.test(b)) });\n});",
            1,
            0,
        ),
        (
            "tests/test_a.py",
            "@pytest.mark.parametrize('a', [1])\n@pytest.mark.skipif(sys.version_info < (3, 9), reason='x')\ndef test_a(a):\n    if not f():\n        pytest.skip('x')\n    assert a\n",
            1,
            0,
        ),
        (
            "tests/test_a.py",
            "class TestA:\n    class TestB:\n        async def test_a(self):\n            assert f()\n",
            1,
            0,
        ),
        (
            "tests/test_a.py",
            "class AppTests(Base, TestCase):\n    def __init__(self, *a):\n        pass\n    def test_a(self):\n        assert f()\n",
            1,
            0,
        ),
        ("a_suite_test.go", "var _ = Describe(\"x\", func() { It(\"y\", func() { g(1) }) })", 1, 0),
    ]);
}

#[test]
fn what_switches_a_test_off_may_stand_below_its_mark() {
    let java = |attributes: &str| format!("class ATest {{\n  {attributes}\n  void a() {{\n    f();\n  }}\n}}");
    let sharp = |attributes: &str| {
        format!("class ATest\n{{\n    {attributes}\n    public void A()\n    {{\n        f();\n    }}\n}}")
    };
    for (off, on) in [
        ("@Test\n@Disabled", "@Test\n@DisplayName(\"@Disabled\")"),
        ("@Test\n  @Disabled(\"flaky\")", "@Test\n@Tag(\"Ignore\")"),
        ("@Test\n@Ignore", "@Test\n// @Ignore"),
        ("@Test // x\n\n@Timeout(5) @Disabled", "@Test\n\n@Timeout(value = 5)"),
        ("@Test\n@org.junit.jupiter.api.Disabled", "@Test\n@com.acme.NotDisabled"),
        ("@org.junit.jupiter.api.Disabled(\"x\")\n@Test", "@Test\n@DisabledOnOs(WINDOWS)"),
        (
            "@ParameterizedTest\n@ValueSource(strings = {\n  \"a\",\n})\n@Disabled",
            "@ParameterizedTest\n@CsvSource({\n\"a\"\n})",
        ),
        ("@Test\npublic @Disabled", "@Test\npublic"),
    ] {
        check(&[("src/test/java/ATest.java", &java(off), 0, 1), ("src/test/java/ATest.java", &java(on), 1, 0)]);
    }
    for (off, on) in [
        ("[Test]\n[Ignore(\"x\")]", "[Test]\n[Category(\"Ignore\")]"),
        ("[Test, Ignore(\"x\")]", "[Test, Category(\"x\")]"),
        ("[TestMethod]\n[Ignore]", "[TestMethod]\n[Owner(\"x\")]"),
        ("[TestMethod, Ignore]", "[TestMethod, Timeout(1)]"),
        ("[Test]\n[Explicit]", "[Test]\n[ExplicitArguments]"),
        ("[Test]\n[NUnit.Framework.Ignore(\"x\")]", "[Test]\n[Retry(2)]"),
        ("[Fact(Skip = \"x\")]", "[Fact(DisplayName = \"Skip = 1\")]"),
    ] {
        check(&[("tests/ATest.cs", &sharp(off), 0, 1), ("tests/ATest.cs", &sharp(on), 1, 0)]);
    }
    check(&[
        (
            "tests/ATest.cs",
            "[TestFixture]\n[Ignore(\"x\")]\npublic class A\n{\n    [Test]\n    public void B() { f(); }\n}",
            0,
            1,
        ),
        ("src/test/kotlin/ATest.kt", "class ATest {\n  @Test\n  @Ignore\n  fun a() {\n    f()\n  }\n}", 0, 1),
        // What is below is another test's.
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @Test void a() { f(); }\n  @Disabled\n  @Test void b() { f(); }\n}",
            1,
            0,
        ),
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @Disabled @Test void a() { f(); }\n  @Test void b() { f(); }\n}",
            1,
            0,
        ),
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @Test\n  void a() {\n    Assumptions.assumeTrue(false);\n    f();\n  }\n}",
            0,
            1,
        ),
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @Test\n  void a() {\n    org.junit.Assume.assumeTrue(\"x\", false);\n    f();\n  }\n}",
            0,
            1,
        ),
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @Test\n  void a() {\n    assumeTrue(g());\n    f();\n  }\n}",
            1,
            0,
        ),
        ("tests/test_a.py", "@pytest.fixture\ndef test_add():\n    return f()\n", 0, 0),
        ("tests/test_a.py", "@pytest.fixture(scope='module')\ndef test_add():\n    yield f()\n", 0, 0),
    ]);
}

#[test]
fn a_title_alone_is_no_test() {
    check(&[
        ("test/a.js", "it('adds');", 0, 1),
        ("test/a.js", "it(\"adds\");", 0, 1),
        ("test/a.js", "test('adds');", 0, 1),
        ("test/a.js", "it(`adds`);", 0, 1),
        ("test/a.js", "describe('a', () => { it('adds'); });", 0, 1),
        ("test/a.js", "describe('a', () => {\n  it('adds');\n  it('b');\n});", 0, 1),
        ("test/a.js", "it('a', () => { f(); });\nit('adds');", 1, 0),
        ("test/a.js", "it('a', () => { expect(/b/.test('c')).toBe(true); });", 1, 0),
        ("tests/ATest.php", "<?php\nit('a', function () { f(); });", 1, 0),
        ("src/test/kotlin/ATest.kt", "class A : FunSpec({ test(\"a\") { f() } })", 1, 0),
    ]);
}

#[test]
fn what_asks_for_nothing_is_unclear() {
    check(&[
        ("tests/test_a.py", "def test_a():\n    x = 1\n", 0, 1),
        ("tests/test_a.py", "def test_a():\n    print(\"ok\")\n", 0, 1),
        ("a_test.go", "func TestA(t *testing.T) {\n\tfmt.Println(\"x\")\n\tt.Log(\"y\")\n}", 0, 1),
        ("a_test.go", "func TestA(t *testing.T) {\n\tx := 1\n\treturn\n\tif f() != x { t.Fatal(1) }\n}", 0, 1),
        ("a_test.go", "func TestA(t *testing.T) {\n\tif false {\n\t\tif f() != 1 { t.Fatal(1) }\n\t}\n}", 0, 1),
        ("test/a.js", "it('a', () => {\n  console.log('hi');\n});", 0, 1),
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @Test\n  void a() {\n    System.out.println(\"x\");\n  }\n}",
            0,
            1,
        ),
        ("tests/test_a.py", "def test_a():\n    x = 1\n    assert f() == x\n", 1, 0),
        ("tests/test_a.py", "def test_a():\n    print(f())\n", 1, 0),
        ("a_test.go", "func TestA(t *testing.T) {\n\tif f() {\n\t\treturn\n\t}\n\tt.Fatal(1)\n}", 1, 0),
        ("test/a.js", "it('a', () => {\n  console.log('hi');\n  expect(f()).toBe(1);\n});", 1, 0),
        ("test/a.js", "it('a', () => {\n  const x = 1;\n  return f(x);\n});", 1, 0),
    ]);
}

#[test]
fn what_only_looks_like_a_test_is_none_or_unclear() {
    check(&[
        ("src/x_test.go", "func Testify() { a() }", 0, 1),
        ("src/x.go", "func TestA(t *testing.T) { a() }", 0, 0),
        ("src/main/java/A.java", "  @TestOnly void reset() { a(); }", 0, 0),
        ("src/main/java/ATest.java", "  @Test void reset() { a(); }", 0, 0),
        ("tests/test_a.py", "def test_a(): pass\n", 0, 0),
        ("tests/test_a.py", "def test_a():\n    assert True\n", 0, 1),
        ("app/tests.py", "class T(TestCase):\n    def test_a(self): self.assertTrue(True)\n", 0, 1),
        ("tests/test_a.py", "@pytest.mark.xfail(reason='x')\ndef test_a():\n    assert f()\n", 0, 1),
        ("tests/test_a.py", "pytestmark = pytest.mark.xfail\ndef test_a():\n    assert f()\n", 0, 1),
        ("tests/test_a.py", "@pytest.mark.xfail\nclass TestA:\n    def test_a(self):\n        assert f()\n", 0, 1),
        (
            "tests/test_a.py",
            "class A(unittest.TestCase):\n    @unittest.expectedFailure\n    def test_a(self):\n        f()\n",
            0,
            1,
        ),
        ("src/test/java/ATest.java", "class ATest {\n  @Test\n  void a() {\n  }\n}", 0, 1),
        ("src/test/java/ATest.java", "class ATest {\n  @Test\n  public void a()\n  {\n    // later\n  }\n}", 0, 1),
        ("src/test/java/ATest.java", "class ATest {\n  @Test void a() {\n    assertTrue(true);\n  }\n}", 0, 1),
        ("src/test/kotlin/ATest.kt", "class ATest {\n  @Test\n  fun a() {\n\n  }\n}", 0, 1),
        ("src/test/kotlin/ATest.kt", "class ATest : StringSpec({\n  \"a\" {\n  }\n})", 0, 1),
        ("tests/ATest.php", "<?php class ATest extends TestCase {\n  public function testA(): void\n  {\n  }\n}", 0, 1),
        (
            "tests/ATest.php",
            "<?php class ATest extends TestCase {\n  public function testA() {\n    $this->assertTrue(true);\n  }\n}",
            0,
            1,
        ),
        ("tests/ATest.php", "<?php\ntest('a', function () {\n});", 0, 1),
        ("spec/a_spec.rb", "describe A do\n  it \"a\" do\n  end\nend", 0, 1),
        ("spec/a_spec.rb", "describe A do\n  it \"a\"\nend", 0, 1),
        ("spec/a_spec.rb", "describe A do\n  it(\"a\") { }\nend", 0, 1),
        ("spec/a_spec.rb", "describe A do\n  it \"a\" do\n    expect(true).to be true\n  end\nend", 0, 1),
        ("test/test_a.rb", "class A < Minitest::Test\n  def test_a\n  end\nend", 0, 1),
        ("test/a_test.exs", "test \"a\" do\n  assert true\nend", 0, 1),
        ("tests/a.test.js", "it('a', () => {\n\n  // later\n});", 0, 1),
        ("tests/a.test.js", "it('a', async function () {\n});", 0, 1),
        ("tests/a.test.js", "it('a', () => {\n  expect(true).toBe(true);\n});", 0, 1),
        ("tests/a_test.cpp", "TEST(A, DISABLED_B) {\n  EXPECT_EQ(f(), 1);\n}", 0, 1),
        ("tests/a_test.cpp", "TEST_F(DISABLED_A, B) {\n  EXPECT_EQ(f(), 1);\n}", 0, 1),
        ("tests/a_test.cpp", "#if 0\nTEST(A, B) {\n  EXPECT_EQ(f(), 1);\n}\n#endif\nint a;", 0, 1),
        ("tests/a_test.cpp", "TEST(A, B) {\n}\n", 0, 1),
        ("tests/a_test.cpp", "TEST(A, B) {\n  EXPECT_TRUE(true);\n}\n", 0, 1),
        ("t/a.t", "use Test::More;\nplan skip_all => 'x';\nok(f());", 0, 1),
        ("t/a.t", "use Test::More skip_all => 'x';\nok(f());", 0, 1),
        ("a_test.go", "func TestA(t *testing.T) {\n}", 0, 1),
        ("tests/test_a.py", "def test_a():\n    \"\"\"x\"\"\"\n    pass\n", 0, 0),
        ("tests/test_a.py", "'''\ndef test_a():\n    assert 1\n'''\n", 0, 0),
        ("a.py", "def test_a():\n    assert 1\n", 0, 0),
        ("src/a.py", "def a():\n    \"\"\"\n    >>> a()\n    1\n    \"\"\"\n", 0, 1),
        ("tests/x.test.js", "/*\nit('x', () => { g(1) })\n*/\n", 0, 0),
        ("tests/x.test.js", "it.skip('x', () => { g(1) })\n", 0, 1),
        ("test/a.js", "test('works', () => {});", 0, 1),
        ("src/a.js", "it('works', () => { g(1) });", 0, 0),
        ("a_test.go", "func TestA(t *testing.T) {}", 0, 1),
        ("src/test/kotlin/A.kt", "  @Test fun a() {} \n", 0, 1),
        ("tests/run.sh", "set -e; ./a | diff - expected", 0, 1),
        ("tests/x.f90", "program a\nend", 0, 1),
        ("src/a.c", "TEST(A, B) { }", 0, 0),
        ("tests/README.md", "it('works')", 0, 0),
        ("tests/a.test.js", "if (/^a/.test('a')) { b() }", 0, 1),
        ("tests/a.test.js", "const ok = pattern.test(value) && other.test(`x`);", 0, 1),
        ("tests/a.test.js", "describe.skip('x', () => {\n  it('y', () => { g(1) });\n});", 0, 1),
        (
            "tests/a.test.js",
            "xdescribe('x', () => {\n  describe('z', () => {\n    it('y', () => { g(1) });\n  });\n});",
            0,
            1,
        ),
        ("tests/a.test.js", "xit('y', () => { g(1) });\ntest.todo('z');\ntest.fixme('a', () => { g(1) });", 0, 1),
        ("tests/a.test.js", "it('y', function () {\n  this.skip();\n  g(1);\n});", 0, 1),
        ("tests/a.test.js", "if (false) {\n  it('y', () => { g(1) });\n}", 0, 1),
        ("tests/test_a.py", "@pytest.mark.skip(reason='x')\ndef test_a():\n    assert f()\n", 0, 0),
        ("tests/test_a.py", "@pytest.mark.skip\n@other(1)\ndef test_a():\n    assert f()\n", 0, 0),
        (
            "tests/test_a.py",
            "@unittest.skip('x')\nclass A(unittest.TestCase):\n    def test_a(self):\n        f()\n",
            0,
            0,
        ),
        (
            "tests/test_a.py",
            "import pytest\npytest.skip('x', allow_module_level=True)\ndef test_a():\n    assert f()\n",
            0,
            0,
        ),
        ("tests/test_a.py", "pytestmark = pytest.mark.skip\ndef test_a():\n    assert f()\n", 0, 0),
        ("tests/test_a.py", "raise unittest.SkipTest('x')\ndef test_a():\n    assert f()\n", 0, 0),
        ("tests/test_a.py", "def test_a():\n    pytest.skip('x')\n    assert f()\n", 0, 0),
        (
            "tests/test_a.py",
            "class A(unittest.TestCase):\n    def test_a(self):\n        self.skipTest('x')\n        f()\n",
            0,
            0,
        ),
        ("tests/test_a.py", "def outer():\n    def test_a():\n        assert f()\n", 0, 0),
        (
            "tests/test_a.py",
            "class TestA:\n    def __init__(self):\n        pass\n    def test_a(self):\n        assert f()\n",
            0,
            0,
        ),
        ("tests/test_a.py", "class Helper:\n    def test_a(self):\n        assert f()\n", 0, 0),
        ("tests/test_a.py", "class TestA:\n    __test__ = False\n    def test_a(self):\n        assert f()\n", 0, 0),
        ("tests/test_a.py", "if False:\n    def test_a():\n        assert f()\n", 0, 0),
        ("tests/test_a.py", "if sys.platform == 'x':\n    def test_a():\n        assert f()\n", 0, 1),
        ("tests/test_a.py", "@pytest.mark.skipif(True, reason='x')\ndef test_a():\n    assert f()\n", 0, 0),
        ("tests/test_a.py", "@pytest.mark.skipif(1 == 1, reason='x')\ndef test_a():\n    assert f()\n", 0, 0),
        ("tests/helpers.py", "def test_a():\n    assert f()\n", 0, 1),
        ("a_test.go", "func TestA(t *testing.T) { t.Skip(1) }", 0, 1),
        ("a_test.go", "func TestA(t *testing.T) {\n\tt.Parallel()\n\tt.Skipf(1)\n\tf()\n}", 0, 1),
        ("a_test.go", "//go:build integration\n\npackage a\nfunc TestA(t *testing.T) {\n\tf()\n}", 0, 1),
        ("a_test.go", "//go:build ignore\n\npackage a\nfunc TestA(t *testing.T) {\n\tf()\n}", 0, 1),
        ("testdata/a_test.go", "func TestA(t *testing.T) {\n\tf()\n}", 0, 1),
        ("_old/a_test.go", "func TestA(t *testing.T) {\n\tf()\n}", 0, 1),
        ("a_test.go", "func ExampleA() {\n\tf()\n}", 0, 1),
        ("src/test/java/ATest.java", "@Disabled\nclass ATest {\n  @Test void a() { f(); }\n}", 0, 1),
        ("src/test/java/ATest.java", "class ATest {\n  @Disabled(\"x\")\n  @Test void a() { f(); }\n}", 0, 1),
        ("tests/A.cs", "class A {\n  [Fact(Skip = \"x\")] public void a() { g(1); }\n}", 0, 1),
        ("spec/a_spec.rb", "xdescribe \"a\" do\n  it \"works\" do\n    g(1)\n  end\nend", 0, 1),
        ("test/a_test.exs", "@tag :skip\ntest \"a\" do\n  assert f()\nend", 0, 1),
        (
            "tests/ATest.php",
            "<?php class ATest extends TestCase {\n  function testA() {\n    $this->markTestSkipped();\n    f();\n  }\n}",
            0,
            1,
        ),
    ]);
}
