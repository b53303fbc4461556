"""Short and pet forms of given names."""

from bluelamp.types.fold import tokens
from bluelamp.types.lists import groups
from bluelamp.types.names import nicknames


def test_all_forms_of_a_name_lead_to_one_another() -> None:
    assert {"bob", "rob", "bobby"} <= nicknames("robert")
    assert {"robert", "rob"} <= nicknames("bob")
    assert "bob" not in nicknames("bob")


def test_a_form_that_two_names_share_leads_to_both_but_they_not_to_each_other() -> None:
    assert {"alexander", "alexandra"} <= nicknames("alex")
    assert "alexandra" not in nicknames("alexander")


def test_names_of_many_communities_have_theirs() -> None:
    pairs = [
        ("oluwaseun", "seun"),
        ("mohammed", "mo"),
        ("harpreet", "preet"),
        ("katarzyna", "kasia"),
        ("chukwuemeka", "emeka"),
    ]
    assert all(short in nicknames(name) for name, short in pairs)


def test_a_name_without_short_forms_has_none() -> None:
    assert nicknames("featherstonehaugh") == frozenset()


def test_every_word_of_the_list_is_one_token_and_no_line_says_a_word_twice() -> None:
    lines = groups("nicknames.txt")
    assert len(lines) >= 150
    for words in lines:
        assert len(words) >= 2, words
        assert len(set(words)) == len(words), words
        assert all(tokens(word) for word in words)
