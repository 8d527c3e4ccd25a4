"""The rules about texts catch what they are there for."""
import check_texts
import pytest


def problems(tmp_path, name, text=""):
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return check_texts.check(tmp_path, [name])


@pytest.mark.parametrize("line", ["x" * 121, "| " + "x" * 119 + " |", "[x](https://" + "y" * 120 + ")"])
def test_refuses_a_line_of_a_page_that_is_too_long(tmp_path, line):
    assert len(problems(tmp_path, "docs/a.md", f"{'x' * 120}\n{line}\n")) == 1


def test_counts_characters_and_not_bytes(tmp_path):
    assert problems(tmp_path, "README.ko.md", "가" * 120) == []


@pytest.mark.parametrize("name", ["src/media/test_source.cc", "src/core/video/test_pattern.h", "web/src/test_page.ts"])
def test_refuses_product_code_that_is_named_like_a_test(tmp_path, name):
    assert problems(tmp_path, name) == [f"{name}: named like a test, but isn't one"]


@pytest.mark.parametrize("name", ["src/core/stamp_test.cc", "src/core/session/session_fixture.h", "tests/e2e/test_api.py",
                                  "web/src/spider_test.ts"])
def test_lets_tests_be_called_so(tmp_path, name):
    assert problems(tmp_path, name) == []


def test_refuses_options_of_the_program_in_the_librarys_messages(tmp_path):
    text = 'fail("give tlsCertFile");\nfail("give --tls-cert");  // as --tls-cert says\n'
    assert problems(tmp_path, "src/app/a.cc", text) == ["src/app/a.cc:2: names an option of the program: --tls-cert"]
    assert problems(tmp_path, "src/cli/a.cc", text) == []


@pytest.mark.parametrize(("name", "text"), [("src/sfu/router/a.h", "class Relay;"), ("src/core/a.h", "// As the seed's did."),
                                            ("src/sfu/a.h", "struct ClientStats;"), ("docs/a.md", "TODO: more")])
def test_refuses_words_that_mean_something_else(tmp_path, name, text):
    assert len(problems(tmp_path, name, text)) == 1


def test_lets_turn_have_relays_and_random_numbers_seeds(tmp_path):
    assert problems(tmp_path, "src/sfu/transport/turn/a.h", "class Relay;") == []
    assert problems(tmp_path, "src/core/a.cc", "Random random(seed);") == []


def test_refuses_links_that_lead_nowhere(tmp_path):
    text = "# A page, and `more`\n[a](#a-page-and-more) [b](b.md) [c](#other) [d](https://example.com/#x)\n"
    assert problems(tmp_path, "docs/a.md", text) == ["docs/a.md: leads nowhere: b.md", "docs/a.md: leads nowhere: #other"]


def test_refuses_a_file_that_is_too_long(tmp_path):
    assert problems(tmp_path, "src/core/a.cc", "\n" * 400) == []
    assert problems(tmp_path, "src/core/a.cc", "\n" * 401) == ["src/core/a.cc: 401 lines, 400 at most"]
