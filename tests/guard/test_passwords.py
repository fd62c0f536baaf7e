"""Passwords in sentences, forms, configuration and logs."""

from __future__ import annotations

import pytest

from bot.guard import passwords
from bot.guard.spans import PASSWORD

NAMES = [
    *(
        "password",
        "Contraseña",
        "contrasena",
        "clave",
        "wachtwoord",
        "ww",
        "Passwort",
        "Kennwort",
        "mot de passe",
        "mdp",
    ),
    *("senha", "palavra-passe", "palavra passe", "parola d'ordine", "pw", "pwd", "pass", "DB_PASSWORD", "FTP-Passwort"),
]


def _values(text: str) -> list[str]:
    assert passwords.is_mentioned(text.lower())
    assert {span.kind for span in passwords.find(text, text.lower())} <= {PASSWORD}
    return [text[span.start : span.end] for span in passwords.find(text, text.lower())]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("link", [": ", ":", "=", " = ", " : ", " => ", ":\n", " is ", " es ", " lautet "])
def test_every_name_with_every_link(name: str, link: str) -> None:
    """Seven languages, short forms and composed names, behind each kind of link."""
    assert _values(f"{name}{link}Xy12-ab") == ["Xy12-ab"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"password":"two words","x":1}', "two words"),
        ('{\\"password\\":\\"abc123\\",\\"x\\":1}', "abc123"),
        ('password: "it\'s4me", user: x', "it's4me"),
        ("    [password] => geheim\n", "geheim"),
        ("<password>ab<12</password>", None),
        ("<password>abcd</password>", "abcd"),
        ("password=abc123&user=x", "abc123"),
        ("password: abc&123", "abc&123"),
        ("pass=a1b2;Pool=5", "a1b2"),
        ("**Password**: `abc123`", "abc123"),
        ("password: geheim, user: test", "geheim"),
        ("password: geheim user: test", "geheim"),
        ("(password: geheim)", "geheim"),
        ("The password is Geheim12.", "Geheim12"),
        ("Password for the shop is Geheim12", "Geheim12"),
        ("password: " + "ab12" * 100 + " x", "ab12" * 100),
        ("user/password: admin / Xy12", "admin / Xy12"),
        ("usuario admin contraseña Caballo77!", "Caballo77!"),
        ("user admin password Hunter2!x and the rest", "Hunter2!x"),
        ("mot de passe Cheval#77x", "Cheval#77x"),
        ("password is Xy12 and the order is 4711 now", "Xy12"),
    ],
)
def test_where_a_value_ends(text: str, value: str | None) -> None:
    """A value ends with its quote, its field or its word; closing punctuation is not part of it."""
    assert _values(text) == ([value] if value else [])


@pytest.mark.parametrize(
    "text",
    [
        "password reset does not work",
        "password reset?token=abc123!",
        "the password page https://shop.example/#login1!",
        "wachtwoord Magento2 vergeten!",
        "two tests pass Hunter2!x",
        "Passwort jan@shop1.example",
        "the password field is empty",
        "I forgot my password.",
        "password: it does not work",
        "the password is not working",
        "Password:\nUsername:\nURL:",
        "password: \n\nXy12",
        'password: ""',
        "the password error code is 1006",
        "password for order 12: error",
        "bypass: Xy12",
        "passport: Xy1234",
        "palabra clave: magento2",
        "clave de pedido: AB1234",
        '<label for="password">Password1</label>',
        "password_changed_at: 2031-04-10",
        "www.shop.example",
    ],
)
def test_talk_about_passwords_survives(text: str) -> None:
    """A name without a value, a value of something else and other words with the same letters are left alone."""
    assert _values(text) == []
