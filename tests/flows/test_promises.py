"""What the shipped conversation promises, on every path and in every language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import pytest

from bot.chat.effects import OpenCase
from bot.chat.events import Message
from bot.engine.session import encode
from bot.flow.loader import load
from bot.flow.model import Collect, Rule
from bot.text.locales import LANGUAGES
from bot.text.plain import plain
from tests.flows.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.library import Library

ROOT: Final = Path(__file__).parents[2]
SEED: Final = ROOT.parent / "shared" / "seed"
FLOW: Final = "help_us_help_you"
MOST_QUESTIONS: Final = 14
MOST_ACKNOWLEDGEMENTS: Final = 6

SEED_QUESTIONS: Final = (
    "¿El problema se produce en el núcleo del plugin?",
    "¿Se produce en el núcleo de un método de pago?",
    "¿Desde cuándo se produjo el problema?",
    "¿Ha habido una actualización dentro de un plugin o sistema recientemente?",
    "¿Fue capaz de reproducir el problema usted mismo?",
    "¿Hay ejemplos disponibles?",
)
SEED_STEPS: Final = ("plugin_core", "payment_methods", "since_when", "recent_update", "reproducible", "examples")


class Words(NamedTuple):
    """Expressions of one language for what must, or must not, be said."""

    staging: str
    test: str
    port: str
    negated: str
    time: str


WORDS: Final = {
    "en": Words("staging", "test", "port", "no|not|never", "hours?|days?|weeks?|months?"),
    "es": Words("ensayo", "prueba", "puerto", "no|nunca|ya no", "horas?|días?|semanas?|mes(es)?"),
    "it": Words("staging", "test", "porta", "non|mai|nessun[ao]?", "or[ae]|giorn[oi]|settiman[ae]|mes[ei]"),
    "nl": Words("staging", "test", "poort", "niet|nooit|geen", "ur(en)?|uur|dag(en)?|week|weken|maand(en)?"),
    "de": Words("staging", "test", "port", "nicht|nie|niemals|keine[nr]?", "stunden?|tage?n?|wochen?|monate?n?"),
    "fr": Words("préproduction", "test", "port", "pas|jamais|plus|aucun", "heures?|jours?|semaines?|mois"),
    "pt": Words("staging", "testes?", "porta", "não|nunca|já não", "horas?|dias?|semanas?|m[êe]s(es)?"),
}
CREDENTIALS: Final = re.compile(
    r"passwor|contraseñ|palavras?-passe|senha|mots? de passe|wachtwoord|parola d'ordine"
    r"|credential|credencia|credenzial|identifiant|inloggegevens|zugangsdaten|anmeldedaten"
    r"|(?:clave|chiav|clé|chave)\w* (?:de )?API|API[ -](?:key|sleutel|schlüssel)|\btokens?\b|\bsecret",
    re.IGNORECASE,
)
CONFESSIONS: Final = {
    "en": "my password is {}",
    "es": "mi contraseña es {}",
    "it": "la password è {}",
    "nl": "wachtwoord: {}",
    "de": "das Passwort lautet {}",
    "fr": "mot de passe : {}",
    "pt": "a palavra-passe é {}",
}
FAMILIAR: Final = {
    "es": "tú|tus?|te|ti|contigo|vosotr[oa]s|vuestr[oa]s?|puedes|quieres|tienes|debes|eres|estás|dinos|haz",
    "de": "du|dich|dir|dein(e[mnrs]?)?|euch|euer",
    "fr": "tu|toi|te|ton|ta|tes",
    "nl": "je|jij|jou|jouw|jullie",
    "pt": "tu|te|ti|contigo|teus?|tuas?|podes|queres|tens",
}
"""How one speaks to a friend."""
PASSWORD: Final = "Hunter2!xyQ"
NORMATIVE: Final = re.compile(r"[0-9]+|(?<![A-Za-z])[A-Z]{3,}(?![A-Za-z])")
"""Numbers, and names of protocols."""


@pytest.fixture(scope="module")
def library() -> Library:
    """The shipped flows and translations."""
    return load([ROOT / "flows"], ROOT / "locales").library()


@pytest.fixture(scope="module")
def paths(library: Library) -> Paths:
    """Every path through the conversation."""
    return Paths(library, FLOW, datetime(2026, 1, 5, 9, tzinfo=UTC))


def rule_text(library: Library, step: str, language: str) -> str:
    """A rule as the merchant reads it."""
    rule = library.programs[FLOW].steps[step]
    assert isinstance(rule, Rule)
    return plain(library.wording(rule.text, language).document)


def questions(library: Library) -> Iterator[tuple[str, Any]]:
    """Every text of every question, by its context; rules state, they do not ask."""
    for program in library.programs.values():
        for step in program.steps.values():
            if isinstance(step, Collect):
                labels = [choice.label for choice in step.choices]
                texts = [step.prompt, step.hint, *labels, *(step.reprompt or ()), *(step.invalid or ())]
                yield from ((text.context, text) for text in texts if text is not None)


def sentences(text: str) -> list[str]:
    """The parts of a text between full stops and the like."""
    return [each for each in re.split(r"[.;:?!\n]", text) if each.strip()]


def says(expression: str, text: str) -> bool:
    """Whether one of these words is in the text, in any case, as a whole word."""
    return re.search(rf"(?<!\w)(?:{expression})(?!\w)", text, re.IGNORECASE) is not None


# --- The way to a person ----------------------------------------------------------------------------------------------


def test_a_person_is_near_on_every_path(paths: Paths) -> None:
    """No path asks more than 14 questions, the summary among them, or 6 acknowledgements before a person takes over.

    The promise is to a merchant who knows the answers, "I don't know" being one: each reply is understood, and none is
    corrected. A correction at the summary asks its question again and what the new answer makes necessary, as often
    as the merchant chooses; no number could bound that, and `summary.flowtest.yaml` has that nothing else is asked.
    """
    assert paths.most.questions <= MOST_QUESTIONS
    assert paths.most.acknowledgements <= MOST_ACKNOWLEDGEMENTS


def test_every_path_ends_with_a_person_or_as_the_merchant_wished(paths: Paths) -> None:
    """A path ends with a hand-off, or with the merchant saying that the way they were shown is enough."""
    assert paths.ends == {("handed_off", ""), ("ended", "routed")}


def test_every_question_is_on_some_path(paths: Paths, library: Library) -> None:
    """The paths of these tests pass every question and rule there is, so what they prove they prove of all."""
    asked = {str(key[0]) for key in paths.waiting}
    assert asked == {id_ for id_, each in library.programs[FLOW].steps.items() if isinstance(each, Collect | Rule)}


def test_a_person_is_one_word_away_at_every_question(paths: Paths) -> None:
    """`/human` opens a case from every question and every rule, with no further question."""
    for (step, *_), session in paths.waiting.items():
        turn = paths.send(session, Message("human", "/human"))
        assert turn.session.status == "handed_off", step
        assert any(isinstance(effect, OpenCase) for effect in turn.effects), step


# --- Address ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", FAMILIAR)
def test_merchants_are_addressed_formally(library: Library, language: str) -> None:
    """No text calls the merchant what one calls a friend: `usted` in Spanish, and its like elsewhere."""
    familiar = [
        text.context
        for program in library.programs.values()
        for text in program.texts
        if not text.context.endswith(("synonyms", ".words"))  # what merchants say
        and says(FAMILIAR[language], plain(library.wording(text, language).document))
    ]
    assert familiar == []


TEAM: Final = {
    "en": "Integration Team",
    "es": "Equipo de Integraciones",
    "it": "team di integrazione",
    "nl": "integratieteam",
    "de": "Integrationsteam",
    "fr": "équipe Intégrations",
    "pt": "equipa de Integrações",
}
"""What the team calls itself; where it has no page in a language, what that would be."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_team_and_the_company_have_their_names(library: Library, language: str) -> None:
    """The team is called in each language as MultiSafepay calls it there, and the company is spelt as it spells it."""
    named = 0
    for program in library.programs.values():
        for text in program.texts:
            if text.context.endswith(("synonyms", ".words")):
                continue  # what merchants say
            said, english = (plain(library.wording(text, each).document) for each in (language, "en"))
            if TEAM["en"] in english:
                named += 1
                assert TEAM[language].lower() in said.lower(), text.context
            assert set(re.findall(r"(?i)(?<![@./])multisafepay(?![./])", said)) <= {"MultiSafepay"}, text.context
    assert named > 3


def test_the_english_keeps_to_the_house_style(library: Library) -> None:
    """It says webshop, ecommerce, plugin, email and credentials, as MultiSafepay's own pages do."""
    others = r"(?i)web shop|webstore|online shop|e-commerce|plug-in|e-mail|login details|API-key"
    texts = [text for program in library.programs.values() for text in program.texts]
    assert [text.context for text in texts if re.search(others, text.source)] == []


# --- Credentials ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_asks_for_credentials(library: Library, language: str) -> None:
    """Passwords and keys stand in two questions alone, and only in sentences that say not to send them."""
    named = set()
    for context, text in questions(library):
        said = plain(library.wording(text, language).document)
        for sentence in sentences(said):
            if CREDENTIALS.search(sentence):
                named.add(context)
                assert says(WORDS[language].negated, sentence), f"{context}: {sentence}"
    assert named == {f"{FLOW}.examples.prompt", f"{FLOW}.access.prompt"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_typed_password_is_stored_nowhere(paths: Paths, language: str) -> None:
    """At no question does a password end up in the session, the log or anything that is sent."""
    step_once = {str(key[0]): session for key, session in paths.waiting.items()}
    for step, session in step_once.items():
        turn = paths.send(session, Message("oops", CONFESSIONS[language].format(PASSWORD)))
        stored = encode(turn.session) + msgspec.json.encode([turn.log, turn.effects])
        assert PASSWORD.encode() not in stored, step


# --- The rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_state_the_same_facts(library: Library, language: str) -> None:
    """Each rule names the same numbers and the same protocols as the English one."""
    for step in library.programs[FLOW].steps.values():
        if isinstance(step, Rule):
            facts, english = (set(NORMATIVE.findall(rule_text(library, step.id, each))) for each in (language, "en"))
            assert facts == english, step.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_server_access_is_sftp_and_ssh_on_port_22_and_never_ftp(library: Library, language: str) -> None:
    """The protocols and the port of the seed; FTP stands in sentences that refuse it."""
    text, words = rule_text(library, "server_access", language), WORDS[language]
    assert {"SFTP", "SSH", "FTP", "22"} <= set(NORMATIVE.findall(text))
    assert says(f"{words.port} 22", text)
    with_ftp = [each for each in sentences(text) if says("FTP", each)]
    assert with_ftp
    assert all(says(words.negated, each) and not says("SFTP|SSH", each) for each in with_ftp)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["staging_only", "time_box", "temporary_account"])
def test_the_place_of_work_is_staging_or_test(library: Library, language: str, step: str) -> None:
    """Both environments are named, together, wherever the English rule names them."""
    text, words = rule_text(library, step, language).lower(), WORDS[language]
    assert re.search(rf"{words.staging}.{{1,20}}{words.test}|{words.test}.{{1,20}}{words.staging}", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_box_has_no_length(library: Library, language: str) -> None:
    """The seed sets no number of hours, days or weeks, and no translation invents one."""
    text = rule_text(library, "time_box", language)
    assert not re.search(r"\d", text)
    assert not says(WORDS[language].time, text)


# --- The seed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "question"), list(zip(SEED_STEPS, SEED_QUESTIONS, strict=True)))
def test_the_six_questions_are_the_seeds(library: Library, step: str, question: str) -> None:
    """The Spanish conversation asks each of the six questions in the very words of the seed."""
    asked = library.programs[FLOW].steps[step]
    assert isinstance(asked, Collect)
    assert question in library.plain(asked.prompt, "es")


def test_the_six_questions_are_easy_to_answer(library: Library) -> None:
    """Each of them, in every form that it has, says why it is asked, gives an example and takes "I don't know"."""
    steps = library.programs[FLOW].steps
    slots = {asked.collect for each in SEED_STEPS if isinstance(asked := steps[each], Collect)}
    forms = [each for each in steps.values() if isinstance(each, Collect) and each.collect in slots]
    assert len(slots) == len(SEED_STEPS) < len(forms)
    for asked in forms:
        assert asked.why, asked.id
        assert asked.hint, asked.id
        assert library.plain(asked.hint, "en").startswith("For example: "), asked.id
        assert asked.unsure, asked.id


APPROVAL: Final = {
    "en": "approval", "es": "aprobación", "it": "approvazione", "nl": "goedkeuring",
    "de": "zustimmung", "fr": "accord", "pt": "aprovação",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_of_the_sources_are_not_carried_over(library: Library, language: str) -> None:
    """Live credentials need an approval, as in the Spanish page; the Italian one asks where, and not whether."""
    assert APPROVAL[language] in rule_text(library, "live_credentials", language).lower()
    asked = library.programs[FLOW].steps["reproducible"]
    assert isinstance(asked, Collect)
    question = library.plain(asked.prompt, language).partition("\n")[0]
    assert not re.match(r"5\. ¿?(?:where|dove|dónde|waar|wo|où|onde)\b", question, re.IGNORECASE)


OTHER_WORDS: Final = {
    "es": r"comercio(?! elec)|staging o de",
    "it": r"merchant|(?<=[a-z,] )(?:Suo|Sua|Suoi|Sue|Lei|Le)\b",
    "nl": r"\bza(?:ak|ken)\b|(?<!/)\bcases?\b(?!\.id)|merchant|(?<![Ww]eb)winkelier",
    "de": r"[Vv]orübergehend",
    "fr": r"marchand",
    "pt": r"você|lojista",
}
"""What a case, a merchant, a temporary account and whoever is spoken to are not called, because they have a word."""


@pytest.mark.parametrize("language", OTHER_WORDS)
def test_one_thing_has_one_word(library: Library, language: str) -> None:
    """In everything that the bot says, to merchants and to staff: a reader takes another word for another thing."""
    other = [
        (text.context, found[0])
        for program in library.programs.values()
        for text in program.texts
        if not text.context.endswith(("synonyms", ".words"))  # what merchants say
        for found in re.finditer(OTHER_WORDS[language], plain(library.wording(text, language).document))
    ]
    assert other == []


def test_the_seed_still_says_so() -> None:
    """The six sentences above stand in the document that the product implements."""
    if not SEED.is_dir():
        pytest.skip("the seed document does not lie beside this checkout")
    seed = "\n".join(path.read_text("utf-8") for path in SEED.iterdir())
    assert [each for each in SEED_QUESTIONS if each not in seed] == []
