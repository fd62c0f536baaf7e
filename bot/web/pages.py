"""Pages for people, without anything from elsewhere: no script, no picture, no font, and nothing that is kept."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLE: Final = """
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 8vh auto; padding: 0 1rem; color: #1c1c1e }
h1 { font-size: 1.5rem; line-height: 1.25 }
label { display: block; margin-top: 1.2rem; font-weight: 600 }
label.tick { font-weight: 400 }
small, .wrong { display: block; font-weight: 400; font-size: .95rem }
small { color: #545458 }
.wrong { color: #a40000 }
input:not([type=checkbox]), textarea { box-sizing: border-box; width: 100%; padding: .55rem; font: inherit }
input, textarea { border: 1px solid #8e8e93; border-radius: .4rem }
[aria-invalid=true] { border-color: #a40000 }
button { margin-top: 1.6rem; padding: .6rem 1.6rem; font: inherit; font-weight: 600; color: #fff; background: #00609c;
  border: 0; border-radius: .4rem; cursor: pointer }
dt { margin-top: 1rem; font-weight: 600 }
dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap }
"""

_PAGES: Final = {
    "frame": """<!doctype html><html lang="{{ lang }}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{ title }}</title>
<style>{{ style | safe }}</style><h1>{{ title }}</h1>
{% block content %}{% for each in said %}<p>{{ each }}</p>{% endfor %}{% endblock %}""",
    "said": '{% extends "frame" %}',
    "form": """{% extends "frame" %}{% block content %}{% for each in said %}<p>{{ each }}</p>{% endfor %}
<form method="post" autocomplete="off">
{% for each in fields %}{% if each.kind == "tick" -%}
<label class="tick"><input type="checkbox" name="{{ each.name }}" value="yes"{{ " checked" if each.value }}>
{{ each.label }}</label>
{%- else -%}
<label for="{{ each.name }}">{{ each.label }}{% if each.hint %}<small>{{ each.hint }}</small>{% endif %}</label>
{% if each.kind == "text" %}<textarea id="{{ each.name }}" name="{{ each.name }}" maxlength="{{ each.most }}" rows="3">
{{- each.value }}</textarea>{% else %}<input id="{{ each.name }}" name="{{ each.name }}" value="{{ each.value }}"
 maxlength="{{ each.most }}" autocomplete="off" autocapitalize="none" spellcheck="false" required
 aria-invalid="{{ "true" if each.wrong else "false" }}">{% endif %}
{%- endif %}{% if each.wrong %}<span class="wrong" role="alert">{{ each.wrong }}</span>{% endif %}
{% endfor %}<button>{{ button }}</button></form>{% endblock %}""",
    "facts": """{% extends "frame" %}{% block content %}{% for each in said %}<p>{{ each }}</p>{% endfor %}
<dl>{% for label, value in facts %}<dt>{{ label }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>{% endblock %}""",
}
_ENVIRONMENT: Final = Environment(loader=DictLoader(_PAGES), autoescape=True, undefined=StrictUndefined)
_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}


def page(name: str, status: int = 200, /, **values: object) -> HTMLResponse:
    """The page `name` with its places filled; whatever fills them is text."""
    return HTMLResponse(_ENVIRONMENT.get_template(name).render(style=_STYLE, **values), status, _HEADERS)
