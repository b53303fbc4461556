from hypothesis import given
from hypothesis import strategies as st

from bluelamp.index.ask import Ask, Both, Code, Either, Except, Pattern, Phrase, Word, parse


def test_bare_words_must_all_be_found():
    assert parse("smith john") == Ask(Both((Word("smith"), Word("john"))))


def test_or_and_not_and_brackets_are_understood():
    assert parse("(smith OR jones) NOT susan").root == Both(
        (Either((Word("smith"), Word("jones"))), Except(Word("susan")))
    )


def test_a_minus_leaves_a_word_a_phrase_or_a_bracket_out():
    assert parse('van -red -"white van" -(a b)').root == Both(
        (Word("van"), Except(Word("red")), Except(Phrase("white van")), Except(Both((Word("a"), Word("b"))))),
    )


def test_a_hyphen_inside_a_word_is_part_of_it():
    assert parse("anti-social").root == Word("anti-social")


def test_lower_case_or_is_a_word_like_any_other():
    assert parse("this or that").root == Both((Word("this"), Word("or"), Word("that")))


def test_curly_quotes_make_a_phrase_too():
    assert parse("“kitchen knife”").root == Phrase("kitchen knife")


def test_an_open_quote_runs_to_the_end_and_a_note_says_so():
    ask = parse('john "smith of')
    assert ask.root == Both((Word("john"), Phrase("smith of")))
    assert "not closed" in ask.notes[0]


def test_brackets_that_do_not_pair_are_understood_with_a_note():
    assert parse("(smith jones").root == parse("smith jones)").root == Both((Word("smith"), Word("jones")))
    assert parse("(smith jones").notes
    assert parse("smith jones)").notes


def test_an_operator_without_an_operand_is_left_out_with_a_note():
    for text in ("smith OR", "smith AND", "smith NOT", "OR smith"):
        assert parse(text).root == Word("smith"), text
        assert parse(text).notes, text


def test_stars_and_question_marks_make_a_pattern():
    assert [parse(text).root for text in ("AB12*", "*4567", "AB1? CDE")] == [
        Pattern("AB12*"), Pattern("*4567"), Code(("AB1?", "CDE")),
    ]  # fmt: skip


def test_too_short_a_pattern_is_read_as_a_word_with_a_note():
    ask = parse("a*")
    assert ask.root == Word("a")
    assert "too few" in ask.notes[0]


def test_words_that_form_an_identifier_are_joined():
    for text in (
        "07700 900123", "+44 7700 900123", "020 7946 0018", "AB12 CDE", "A123 BCD", "ABC 123D", "SW1A 2AA", "AB 12 34 56 C",
        "2099/ 0000123P", "SF 60/1234Q", "CAD 1234/24", "485 777 3456", "(020) 7946 0018",
    ):  # fmt: skip
        root = parse(text).root
        assert isinstance(root, Code), text


def test_an_identifier_between_words_is_still_one():
    assert parse("red AB12 CDE fraud").root == Either(
        (Both((Word("red"), Code(("AB12", "CDE")), Word("fraud"))), Code(("red", "AB12", "CDE", "fraud"), apart=False)),
    )


def test_a_house_number_and_street_are_words():
    root = parse("10 high street").root
    assert isinstance(root, Either)
    assert root.parts[0] == Both((Word("10"), Word("high"), Word("street")))


def test_the_trunk_zero_in_brackets_is_left_out():
    assert parse("+44 (0)7700 900123").root == Code(("+44", "7700", "900123"))


def test_what_must_not_be_found_is_no_leaf():
    assert parse("van -red").leaves() == (Word("van"),)


def test_a_text_without_words_asks_for_everything_with_a_note():
    assert parse("  ") == Ask(None)
    assert parse("!!! -- ()").root is None
    assert parse("!!!").notes


def test_thousands_of_brackets_do_not_overflow():
    assert parse("(" * 50_000 + "smith" + ")" * 50_000).root == Word("smith")


@given(st.text(alphabet=st.sampled_from('ab1*?-"() ANDORT\x00\ud800é“'), max_size=60) | st.text())
def test_no_text_is_ever_refused(text):
    ask = parse(text)
    assert all(note.endswith(".") for note in ask.notes)
    assert isinstance(ask.leaves(), tuple)
