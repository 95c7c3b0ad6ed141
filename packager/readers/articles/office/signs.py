"""Letters of fonts that hold signs instead of letters -> the characters that word processors show for them."""

from __future__ import annotations

_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_SMALL_GREEK = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_PRIVATE = 0xF000  # where Word puts the letters of such fonts

_SYMBOL = dict(zip(range(ord("A"), ord("Z") + 1), _GREEK, strict=True))
_SYMBOL |= dict(zip(range(ord("a"), ord("z") + 1), _SMALL_GREEK, strict=True))
_SYMBOL |= {code: chr(code) for code in range(0x20, 0x40) if code not in (0x22, 0x24, 0x27, 0x2A, 0x2D)}
_SYMBOL |= dict(zip(b"\x22\x24\x27\x2a\x2d\x40\x5b\x5c\x5d\x5e\x5f\x7b\x7c\x7d\x7e", "∀∃∋∗−≅[∴]⊥_{|}∼", strict=True))
_SYMBOL |= dict(
    enumerate("ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪", start=0xA1)
)
_SYMBOL |= dict(enumerate("〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭", start=0xF1))
_WINGDINGS = {
    **dict(zip(b"\x21\x22\x23\x24\x25\x26\x28\x29\x2a\x2b\x36\x3a\x3e", "✏✂✁👓🔔📖☎✆✉🖃⌛💻✇", strict=True)),
    **dict(zip(b"\x41\x43\x44\x45\x46\x47\x48\x4a\x4b\x4c\x4e\x52\x54", "✌👍👎☜☞☝☟☺😐☹☠☼❄", strict=True)),
    **dict(zip(b"\x6c\x6d\x6e\x6f\x71\x72\x73\x74\x75\x76\x77\x77", "●❍■□❑❒⬧⧫◆❖⬥⬥", strict=True)),
    **dict(enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿", start=0x80)),
    **dict(zip(b"\x9e\x9f\xa0\xa1\xa7\xa8\xab\xb2\xb6", "·•▪○▪◻★✧✩", strict=True)),
    **dict(zip(b"\xd8\xdf\xe0\xe1\xe2\xe8\xef\xf0\xf1\xf2\xf3", "➢←→↑↓➔⇦⇨⇧⇩⬄", strict=True)),
    **dict(zip(b"\xfb\xfc\xfd\xfe", "✗✓☒☑", strict=True)),
}
_FONTS = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": dict(zip(b"\x50\x4f\x51\x52\x53\x54\xa3\x97\x98", "✓✗☒☑☒☒□●●", strict=True)),
    "webdings": dict(zip(b"\x61\x72\x63\x67\x6e", "✓✗□■●", strict=True)),
}


def is_of_signs(font: str) -> bool:
    """Whether the letters of a font show something else than what they are."""
    return font.lower() in _FONTS or font.lower() == "wingdings 3"


def sign(font: str, code: int) -> str:
    """Return the character that a letter of a font of signs shows; "" where it is not known."""
    return _FONTS.get(font.lower(), {}).get(code - _PRIVATE if code >= _PRIVATE else code, "")


def signs(font: str, text: str) -> tuple[str, int]:
    """Return what a text in such a font shows, and how many of its letters are not known."""
    shown = [letter if letter.isspace() else sign(font, ord(letter)) for letter in text]
    return "".join(one or "□" for one in shown), shown.count("")
