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
        ("test/app.use.js", "describe('app', function () { it('works', function () { assert.ok(true); }); });", 1, 0),
        ("test/a.js", "test('works', () => { ok(1); });", 1, 0),
        ("tests/unit/app.js", "it('works', () => {\n  ok(1);\n});", 1, 0),
        ("cypress/e2e/login.cy.ts", "it('works', () => { ok(1) });", 1, 0),
        ("src/a.test.ts", "it.each`a | b`('y', () => { ok(1) });", 1, 0),
        ("tests/tests.py", "class T(unittest.TestCase):\n    def test_a(self): ok(1)\n", 1, 0),
        ("tests/test_a.py", "class TestA:\n    def testThing(self): assert True\n", 1, 0),
        ("tests/test_a.py", "def test_a():\n    \"\"\"x\"\"\"\n    assert 1\ndef helper():\n    pass\n", 1, 0),
        ("tests/a_test.cpp", "TEST(A, B) { EXPECT_TRUE(true); }", 1, 0),
        ("tests/a.cpp", "TEST_CASE(\"a\") { REQUIRE(true); }", 1, 0),
        ("tests/TestA.cpp", "void TestA::works() { QVERIFY(true); }\nQTEST_GUILESS_MAIN(TestA)", 1, 0),
        ("tests/a.c", "START_TEST(a) { ck_assert(1); } END_TEST", 1, 0),
        ("tests/b.c", "static void a(void **s) { assert_true(1); }", 1, 0),
        ("Tests/AppTests/ATests.swift", "  func testA() { XCTAssert(true) }", 1, 0),
        ("Tests/A.swift", "@Test func a() { #expect(true) }", 1, 0),
        ("Tests/A.m", "#import <A.h>\n- (void)testA { XCTAssert(YES); }", 1, 0),
        (
            "tests/ATest.php",
            "<?php class ATest extends TestCase { public function testA() { $this->assertTrue(true); } }",
            1,
            0,
        ),
        ("test/a_test.exs", "  test \"a\" do assert true end", 1, 0),
        ("src/test/scala/A.scala", "class A extends AnyFunSuite { test(\"a\") { assert(true) } }", 1, 0),
        ("test/Spec.hs", "main = hspec $ it \"a\" $ True `shouldBe` True", 1, 0),
        ("test/a_test.dart", "void main() { test('a', () { ok(1); }); }", 1, 0),
        ("src/a.zig", "test \"a\" { try std.testing.expect(true); }", 1, 0),
        ("test/runtests.jl", "@test true", 1, 0),
        ("t/a.t", "use Test::More tests => 1; ok(1);", 1, 0),
        ("test/a.bats", "@test \"a\" { true; }", 1, 0),
        ("spec/a_spec.lua", "it(\"a\", function() ok(1) end)", 1, 0),
        ("tests/testthat/test-a.R", "test_that(\"a\", { expect_true(TRUE) })", 1, 0),
        ("test/a.ml", "let%test _ = true", 1, 0),
        ("test/a_test.clj", "(deftest a (is true))", 1, 0),
        ("test/a_SUITE.erl", "a_test() -> ?assert(true).", 1, 0),
        ("test/test_a.rb", "class A < Minitest::Test; def test_a; assert true; end; end", 1, 0),
        ("spec/a_spec.rb", "  it \"works\" do expect(true).to be true end", 1, 0),
        ("src/test/kotlin/A.kt", "  @Test fun a() { ok(1) }", 1, 0),
        ("src/test/java/WTest.java", "  @Test void a() { ok(1); }", 1, 0),
        ("tests/A.cs", "  [Fact] public void a() { ok(1); }", 1, 0),
        ("tests/A.cs", "  [TestMethod] public void a() { ok(1); }", 1, 0),
        ("tests/A.vb", "<TestMethod> Public Sub A()", 1, 0),
        ("a_test.go", "func TestA(t *testing.T) { t.Log(1) }", 1, 0),
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
            "describe('x', () => {\n  it.skip('a', () => { ok(1) });\n  it('y', () => { ok(/a/.test(b)) });\n});",
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
        ("a_suite_test.go", "var _ = Describe(\"x\", func() { It(\"y\", func() { ok(1) }) })", 1, 0),
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
        ("tests/test_a.py", "def test_a():\n    \"\"\"x\"\"\"\n    pass\n", 0, 0),
        ("tests/test_a.py", "'''\ndef test_a():\n    assert 1\n'''\n", 0, 0),
        ("a.py", "def test_a():\n    assert 1\n", 0, 0),
        ("src/a.py", "def a():\n    \"\"\"\n    >>> a()\n    1\n    \"\"\"\n", 0, 1),
        ("tests/x.test.js", "/*\nit('x', () => { ok(1) })\n*/\n", 0, 0),
        ("tests/x.test.js", "it.skip('x', () => { ok(1) })\n", 0, 1),
        ("test/a.js", "test('works', () => {});", 0, 1),
        ("src/a.js", "it('works', () => { ok(1) });", 0, 0),
        ("a_test.go", "func TestA(t *testing.T) {}", 0, 1),
        ("src/test/kotlin/A.kt", "  @Test fun a() {} \n", 0, 1),
        ("tests/run.sh", "set -e; ./a | diff - expected", 0, 1),
        ("tests/x.f90", "program a\nend", 0, 1),
        ("src/a.c", "TEST(A, B) { }", 0, 0),
        ("tests/README.md", "it('works')", 0, 0),
        ("tests/a.test.js", "if (/^a/.test('a')) { b() }", 0, 1),
        ("tests/a.test.js", "const ok = pattern.test(value) && other.test(`x`);", 0, 1),
        ("tests/a.test.js", "describe.skip('x', () => {\n  it('y', () => { ok(1) });\n});", 0, 1),
        (
            "tests/a.test.js",
            "xdescribe('x', () => {\n  describe('z', () => {\n    it('y', () => { ok(1) });\n  });\n});",
            0,
            1,
        ),
        ("tests/a.test.js", "xit('y', () => { ok(1) });\ntest.todo('z');\ntest.fixme('a', () => { ok(1) });", 0, 1),
        ("tests/a.test.js", "it('y', function () {\n  this.skip();\n  ok(1);\n});", 0, 1),
        ("tests/a.test.js", "if (false) {\n  it('y', () => { ok(1) });\n}", 0, 1),
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
        ("tests/A.cs", "class A {\n  [Fact(Skip = \"x\")] public void a() { ok(1); }\n}", 0, 1),
        ("spec/a_spec.rb", "xdescribe \"a\" do\n  it \"works\" do\n    ok(1)\n  end\nend", 0, 1),
        ("test/a_test.exs", "@tag :skip\ntest \"a\" do\n  assert f()\nend", 0, 1),
        (
            "tests/ATest.php",
            "<?php class ATest extends TestCase {\n  function testA() {\n    $this->markTestSkipped();\n    f();\n  }\n}",
            0,
            1,
        ),
    ]);
}
