"""What a document may hold, from the one table, and what of it that asks about one element or one value alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from packager.output.templates import own_classes, own_scripts
from packager.text.spelling import UNDETERMINED, language_tag

_TABLE: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("allowed.toml").read_text(encoding="utf-8"))

ELEMENTS: Mapping[str, Mapping[str, str]] = _TABLE["elements"]
EVERYWHERE: Mapping[str, str] = _TABLE["everywhere"]
METAS: tuple[Mapping[str, str], ...] = tuple(_TABLE["metas"])
DOCTYPE: str = _TABLE["head"]["doctype"]
CHARSET = {"http-equiv": "Content-Type", "content": _TABLE["head"]["charset"]}
REFERRER = {"name": "referrer", "content": "no-referrer"}
POLICY_NAME = "content-security-policy"

IN_BOOKS: Mapping[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in _TABLE["books"].items()}

_FORMS = {name: re.compile(form) for name, form in _TABLE["forms"].items()}
_CLASSES = frozenset(_TABLE["names"]["class"].split())
_SET_BY_SCRIPTS = frozenset(_TABLE["names"]["set-by-scripts"].split())
_JUDGED_APART = frozenset(("link", "picture", "style", "text"))


def form_of(element: str, attribute: str) -> str | None:
    """Return the name of the form that the attribute's value must have; None for one that may not be there."""
    return ELEMENTS[element].get(attribute) or EVERYWHERE.get(attribute)


def has_form(value: str, form: str) -> bool:
    """Return whether the whole value is of the form; those that are judged apart allow all here."""
    if form == "language":
        return value == UNDETERMINED or value == language_tag(value) != ""
    if form == "classes":
        return (own_classes() - _SET_BY_SCRIPTS | _CLASSES).issuperset(value.split(" "))
    return form in _JUDGED_APART or _FORMS[form].fullmatch(value) is not None


def is_policy(policy: str, scripts: tuple[str, ...]) -> bool:
    """Return whether this is the policy of a document of ours with scripts of these hashes, to the letter.

    Beside a script of others, which has a finding, it may be that of any document of ours.
    """
    own = own_scripts()
    known = tuple(sorted(own.intersection(scripts)))
    return _policy(known if own.issuperset(scripts) else ("", *sorted(own))).fullmatch(policy) is not None


@cache
def _policy(hashes: tuple[str, ...]) -> re.Pattern[str]:
    head = _TABLE["head"]
    scripts = "|".join(head["scripts"].replace("{hash}", re.escape(one)) if one else "" for one in hashes)
    return re.compile(head["policy"].replace("{scripts}", f"(?:{scripts})"))
