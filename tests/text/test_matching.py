"""The ladder of `bot.text.matching`, rung by rung, and enumerations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.matching import Many, Match, Matcher, Option
from bot.text.normal import normalise

PLATFORMS = Matcher(
    [
        Option("magento2", "Magento 2", (), ("adobe commerce", "magento")),
        Option("woocommerce", "WooCommerce", (), ("woo", "wordpress")),
        Option("prestashop", "PrestaShop", (), ()),
        Option("shopify", "Shopify", (), ()),
        Option("no_platform", "We built it ourselves", ("Lo hicimos nosotros", "Selbst gebaut"), ("custom", "API")),
        Option("other", "Something else", ("Otra cosa", "Etwas anderes"), ()),
    ]
)
PRESTASHOPS = Matcher(
    [Option("ps16", "1.6"), Option("ps17", "PrestaShop 1.7"), Option("ps8", "PrestaShop 8"), Option("old", "1")]
)
LABELS = st.lists(st.text(st.characters(exclude_categories=()), min_size=1), min_size=1, max_size=6)


def meant(match: Match) -> tuple[tuple[str, ...], bool]:
    """The ids that a reply may mean, and whether that is sure, whichever rung says so."""
    return match.ids, match.sure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("magento2", "magento2"),  # id
        ("MAGENTO2", "magento2"),
        ("no platform", "no_platform"),
        ("No_Platform", "no_platform"),
        ("Magento 2", "magento2"),  # label
        (" magento  2! ", "magento2"),
        ("Something else 🤷", "other"),
        ("otra cosa", "other"),  # label in another language
        ("ETWAS ANDERES", "other"),
        ("WordPress", "woocommerce"),  # synonym
        ("woo commerce", "woocommerce"),  # other spacing
        ("presta-shop", "prestashop"),
        ("adobecommerce", "magento2"),
        ("2", "woocommerce"),  # number
        ("2.", "woocommerce"),
        ("#2", "woocommerce"),
        ("(2)", "woocommerce"),
        ("2️⃣", "woocommerce"),
        ("n° 2", "woocommerce"),
        ("la segunda", "woocommerce"),
        ("zweite", "woocommerce"),
        ("the last one", "other"),
        ("mag", "magento2"),  # beginning
        ("adobe", "magento2"),
        ("some", "other"),
    ],
)
def test_sure(text: str, expected: str) -> None:
    """One hit on a rung above the last is taken."""
    assert meant(PLATFORMS.match(text)) == ((expected,), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("magneto 2", "magento2"),
        ("magneto", "magento2"),
        ("wocommerce", "woocommerce"),
        ("woo comerce", "woocommerce"),
        ("prestahsop", "prestashop"),
        ("Prestashp", "prestashop"),
        ("shopfy", "shopify"),
        ("we use wocommerce mostly", "woocommerce"),
        ("shopify plus", "shopify"),
        ("I think it is Magento 2", "magento2"),
        ("we run on the API", "no_platform"),
        ("c'est l'API", "no_platform"),
        ("magento 1", "magento2"),
    ],
)
def test_unsure(text: str, expected: str) -> None:
    """A typo, or a label inside a sentence, is never just taken."""
    assert meant(PLATFORMS.match(text)) == ((expected,), False)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "?", "👍", "no start since 01.01.2022", "een", "2 of them", "we have 2 shops"),
        *(
            "0",
            "7",
            "99",
            "tenth",
            "stop",
            "hello",
            "what do you mean",
            "ma",
            "wo",
            "it does not work at all",
            "unrelated words here",
            "shipping",
        ),
        *("\ud800", "\0", "1.6", "x" * 5000),
    ],
)
def test_nothing(text: str) -> None:
    """Unrelated words, numbers in sentences and numbers beyond the list match nothing."""
    assert meant(PLATFORMS.match(text)) == ((), False)


def test_a_number_that_is_a_name_is_a_name() -> None:
    """Exact rungs come before places in the list."""
    assert meant(PRESTASHOPS.match("1.6")) == (("ps16",), True)
    assert meant(PRESTASHOPS.match("1")) == (("old",), True)
    assert meant(PRESTASHOPS.match("#1")) == (("old",), True)
    assert meant(PRESTASHOPS.match("2")) == (("ps17",), True)
    assert meant(PRESTASHOPS.match("16")) == ((), False)


@pytest.mark.parametrize(
    ("text", "rung"),
    [
        ("Magento 2!", "label"),
        ("otra cosa", "other_label"),
        ("no platform", "id"),
        ("WordPress", "synonym"),
        ("presta-shop", "spacing"),
        ("2", "number"),
        ("la segunda", "number"),
        ("mag", "beginning"),
        ("we run on the API", "likeness"),
        ("wocommerce", "likeness"),
        ("7", None),
        ("hello", None),
    ],
)
def test_the_rung_that_hit_is_named(text: str, rung: str | None) -> None:
    """A log can say how a reply was understood; what was not understood names none."""
    assert PLATFORMS.match(text).rung == rung


def test_two_hits_on_a_rung_are_both_shown() -> None:
    """Ambiguity on a rung is shown, in the options' order, and no later rung is asked."""
    assert meant(PRESTASHOPS.match("presta")) == (("ps17", "ps8"), False)
    assert meant(PRESTASHOPS.match("prestahsop")) == (("ps17", "ps8"), False)
    twins = Matcher([Option("a", "Yes", (), ("sure",)), Option("b", "No", (), ("sure",)), Option("c", "no!")])
    assert meant(twins.match("sure")) == (("a", "b"), False)
    assert meant(twins.match("No")) == (("b", "c"), False)
    assert Matcher([Option(f"o{n}", f"Option {n}a") for n in range(9)]).match("option").ids == ("o0", "o1", "o2", "o3")


def test_a_short_word_that_several_labels_begin_with_asks_which() -> None:
    """Two letters are too little to take a label by its beginning, and enough to ask where several begin so."""
    updates = Matcher([Option("plugin", "Ja, das Plugin"), Option("shop", "Ja, der Shop"), Option("no", "Nein")])
    assert meant(updates.match("Ja")) == (("plugin", "shop"), False)
    assert meant(updates.firm("ja!")) == (("plugin", "shop"), False)
    assert meant(updates.match("j")) == meant(updates.match("ne")) == ((), False)


def test_an_earlier_rung_wins() -> None:
    """An id beats a label, a label of this language one of another, and that one a synonym."""
    matcher = Matcher(
        [
            Option("other", "First", ("Overig",), ("one",)),
            Option("b", "Other", ("One",), ("third",)),
            Option("c", "Overig", ("Third",), ("first",)),
        ]
    )
    for text, expected in [("other", "other"), ("overig", "c"), ("one", "b"), ("third", "c"), ("first", "other")]:
        assert meant(matcher.match(text)) == ((expected,), True)


def test_the_longest_label_in_a_sentence_wins() -> None:
    """A label that is part of another one is no second hit; two separate ones are."""
    matcher = Matcher([Option("core", "Plugin"), Option("custom", "Plugin with changes"), Option("none", "Theme")])
    assert matcher.match("it is the plugin with changes by our agency").ids == ("custom",)
    assert matcher.match("it is the plugin or the theme").ids == ("core", "none")


def test_a_typo_keeps_its_digits() -> None:
    """A number that one of the options has tells them apart; one that none has does not."""
    matcher = Matcher([Option("m1", "Magento 1"), Option("m2", "Magento 2")])
    assert meant(matcher.match("magneto 2")) == (("m2",), False)
    assert meant(matcher.match("magneto 3")) == (("m1", "m2"), False)


def test_a_label_as_the_channel_cuts_it() -> None:
    """What a keyboard shows in place of a long label is a sure hit, even if it is shorter than a beginning must be."""
    matcher = Matcher([Option("a", "I have no staging site"), Option("b", "I can make one")], truncated=10)
    assert meant(matcher.match("I have no…")) == (("a",), True)
    assert meant(matcher.match("I have no ")) == (("a",), True)
    tiny = Matcher([Option("a", "A1 is it"), Option("b", "B1 is it")], truncated=3)
    assert meant(tiny.match("A1…")) == (("a",), True)
    assert meant(Matcher([Option("a", "A1 is it"), Option("b", "B1 is it")]).match("A1…")) == ((), False)


def test_emoji_labels() -> None:
    """A label without a letter or digit is matched as it is written."""
    matcher = Matcher([Option("up", "👍"), Option("down", "👎")])
    assert meant(matcher.match(" 👎 ")) == (("down",), True)
    assert meant(matcher.match("🙈")) == ((), False)


def test_exact() -> None:
    """Only a full name counts: a number may be the answer to a question that also has options."""
    for text in ("no-platform!", "we built it ourselves", "selbst gebaut", "API"):
        assert PLATFORMS.exact(text).ids == ("no_platform",)
    for text in ("2", "#2", "mag", "magneto", "it is Shopify", "last", "", "?"):
        assert PLATFORMS.exact(text).ids == ()
    assert Matcher([Option("a", "Skip"), Option("b", "skip!")]).exact("SKIP").ids == ("a", "b")
    assert Matcher([Option("up", "👍")]).exact(" 👍").ids == ("up",)


@given(LABELS)
def test_a_label_means_its_option(labels: list[str]) -> None:
    """Typing a label gives its option, or all options whose labels are the same to a reader."""
    matcher = Matcher([Option(f"~{n}~id", label) for n, label in enumerate(labels)])
    ids = {normalise(f"~{n}~id") for n in range(len(labels))}
    for label in labels:
        key = normalise(label)
        if key in ids or not label.strip():
            continue
        same = [
            f"~{n}~id"
            for n, other in enumerate(labels)
            if (normalise(other) == key if key else other.strip().casefold() == label.strip().casefold())
        ]
        assert meant(matcher.match(label)) == (tuple(same[:4]), len(same) == 1)


@given(LABELS, st.text(st.characters(exclude_categories=())), st.integers(0, 12))
def test_never_fails(labels: list[str], text: str, truncated: int) -> None:
    """Any options, any text: an answer, of known ids, in their order, and sure only about one."""
    options = [Option(f"o{n}", label, (label[::-1],), (label[1:],)) for n, label in enumerate(labels)]
    matcher = Matcher(options, truncated)
    match = matcher.match(text)
    assert list(match.ids) == sorted(match.ids)
    assert len(match.ids) <= 4
    assert len(match.ids) == 1 or not match.sure
    assert set(matcher.match_many(f"{text}, {labels[0]}").ids) <= {f"o{n}" for n in range(len(labels))}


METHODS = Matcher(
    [
        Option("cards", "Cards", (), ("credit card",)),
        Option("cards_wallets", "Cards and wallets"),
        Option("ideal", "iDEAL"),
        Option("later", "Klarna, Billink & co"),
        Option("paypal", "PayPal"),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("iDEAL", ("ideal",)),
        ("1, 3", ("cards", "ideal")),
        ("3,1", ("cards", "ideal")),
        ("1 3", ("cards", "ideal")),
        ("#1 #3", ("cards", "ideal")),
        ("1 & 3", ("cards", "ideal")),
        ("1&3", ("cards", "ideal")),
        ("1. 3.", ("cards", "ideal")),
        ("the first and the last", ("cards", "paypal")),
        ("paypal, ideal; cards", ("cards", "ideal", "paypal")),
        ("- PayPal\n- iDEAL\n", ("ideal", "paypal")),
        ("paypal y ideal", ("ideal", "paypal")),
        ("paypal e ideal", ("ideal", "paypal")),
        ("paypal en ideal", ("ideal", "paypal")),
        ("PayPal und iDEAL", ("ideal", "paypal")),
        ("paypal et ideal", ("ideal", "paypal")),
        ("paypal + ideal", ("ideal", "paypal")),
        ("cards, cards, 1", ("cards",)),
        ("Cards and wallets", ("cards_wallets",)),
        ("PayPal, cards and wallets", ("cards_wallets", "paypal")),
        ("Klarna, Billink & co and PayPal", ("later", "paypal")),
        ("", ()),
        (", ;", ()),
    ],
)
def test_many(text: str, expected: tuple[str, ...]) -> None:
    """An enumeration is split, unless a separator belongs to a label; the options' order is kept."""
    assert METHODS.match_many(text) == Many(expected, (), ())


def test_many_parts_that_need_a_question() -> None:
    """Only sure parts count; the others are told apart: not known at all, or perhaps meant."""
    assert METHODS.match_many("iDEAL, bitcoin, paypall, 9") == Many(("ideal",), ("bitcoin", "9"), (("paypal",),))
    assert METHODS.match_many("car") == Many((), (), (("cards", "cards_wallets"),))
    assert METHODS.match_many("paypol, Paypall") == Many((), (), (("paypal",),))
