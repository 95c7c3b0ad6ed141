"""Text from anywhere as people may see it: in documents, and on a terminal."""

from __future__ import annotations

import re
import unicodedata

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # Unicode categories: control, format (bidi among them), lone surrogates, lines

# Joiners shape letters in the scripts from Arabic to Khmer and glue emoji; zero-width spaces part words where
# scripts of South-East Asia write no space. Everywhere else they can only hide something.
_JOINED = "\u0600-\u109f\u1780-\u18af\ua840-\uabff\ufe0f\u2600-\u27bf\U0001f000-\U0001faff"
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# What has more than one form, which a sign behind it chooses: Unicode's StandardizedVariants.txt and emoji-data.txt.
_VARIED = "#*0-9\u00a9\u00ae\u1000-\u109f\u2010-\u2bff\u3000-\u303f\u3200-\u9fff\ua840-\uaaff\U0001f000-\U0003ffff"
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DIRECTION_MARKS = "\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069"
_ALWAYS = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2028\u2029\u202d\u202e"
    "\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
HIDING = re.compile(
    f"[{_ALWAYS}]|(?<![{_JOINED}])[\u200c\u200d]|(?<![{_SPACELESS}])\u200b|(?<![{_VARIED}])[\ufe00-\ufe0f]"
    "|(?<![\u1820-\u18aa])[\u180b-\u180d]|(?<![\u2801-\u28ff])\u2800(?![\u2801-\u28ff])"
)
_MAY_HIDE = re.compile(f"[{_ALWAYS}\u200b-\u200d\ufe00-\ufe0f\u180b-\u180d\u2800]")
MARKS_OF_DIRECTION = re.compile(f"[{_DIRECTION_MARKS}]")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028]")
_ASCII_LINE_ENDS = bytes.maketrans(b"\r\v\f", b"\n\n\n")
_ASCII_HIDDEN = bytes({*range(32), 127} - set(b"\t\n\v\f\r"))

# What programs that keep a log take for a command: GitHub's (actions/runner, src/Runner.Common/ActionCommand.cs) `::`
# first in a line and `##[` anywhere in it, others `##vso[` and `##teamcity[`. Any line end counts.
_ENDS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_COMMAND = re.compile(rf"((?:\A|(?<=[{_ENDS}]))(?:[^\S{_ENDS}]|\x1b\[[\d;]*m)*):(?=:)|#(?=#[\w.-]*\[)")


def clean(text: str) -> str:
    """The same text in NFC with plain newlines, without control, zero-width and tag characters."""
    if text.isascii():  # takes a tenth of what the expressions take
        plain = text.replace("\r\n", "\n").encode().translate(_ASCII_LINE_ENDS, _ASCII_HIDDEN)
        return plain.decode()
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    if not RIGHT_TO_LEFT.search(text):
        text = MARKS_OF_DIRECTION.sub("", text)
    if _MAY_HIDE.search(text):  # takes a tenth of what the whole expression takes
        while (shown := HIDING.sub("", text)) != text:  # some are hidden only when what they stood behind is gone
            text = shown
    return unicodedata.normalize("NFC", text)


def escaped(text: str) -> str:
    """`text` with control and bidirectional characters as their code points; line ends of our own stay."""
    return text.translate({ord(sign): f"<U+{ord(sign):04X}>" for sign in hidden_in(text)})


def without_log_commands(text: str) -> str:
    """`text` for a terminal or a log, in which no line, whatever names stand in it, is a command to who runs it."""
    return _COMMAND.sub(lambda match: "<U+0023>" if match[1] is None else f"{match[1]}<U+003A>", text)


def hidden_in(text: str) -> set[str]:
    """The characters of `text` that are hidden, but for line ends."""
    return {sign for sign in set(text) if sign != "\n" and is_hidden(sign)}


def is_hidden(sign: str) -> bool:
    """Whether a character does something to a terminal other than to be seen."""
    return unicodedata.category(sign) in HIDDEN
