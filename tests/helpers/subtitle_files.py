"""Subtitles as people keep them, in four forms and five encodings, with the cues that stand in each."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from random import Random

from packager.model import Cue, Subtitles

ENCODINGS = ("cp949", "euc-kr", "utf-8", "utf-8-sig", "utf-16")
HABITS = ("tidy", "careless", "two languages")
CUES = 40

Tracks = Mapping[str, tuple[Cue, ...]]

# Written for these files. What cp949 has beyond EUC-KR is used where the encoding has it.
_KOREAN = (
    "강을 건너면 돌아올 수 없어.", "그래도 가야 해요.", "배가 어디에 있니?", "저 숲 뒤에, 불빛이 보이죠?",
    "쉿! 누가 온다.", "- 이름이 뭐지?\n- 단비입니다.", "1950", "우리는 종이로 배를 만들었다",
    "바람이 오면 <멀리> 갈 거야.", "{웃음} 정말?", "사랑 & 자유", "3 < 5, 5 > 3", "[문 닫히는 소리]",
    "“나는 선택했다.”\n그는 말했다…", "어머니, 조금만 더 가요.",
)  # fmt: skip
_WIDE_KOREAN = ("똠방각하와 펲시콜라", "뷁! 쓩~ 날아갔다")
_ENGLISH = (
    "Once we cross, there is no way back.", "We have to go all the same.", "Where is the boat?",
    "Quiet! Someone is coming.", "- What is your name?\n- Danbi.", "1950", "We made it from paper",
    "Then the wind comes & we are gone.", "I <3 rivers", "{laughs} Really?", "3 < 5, 5 > 3", "[a door shuts]",
    '"I made my choice,"\nhe said.', "Mother, only a little further.", "<whispers> Now.",
)  # fmt: skip


def for_players(words: Subtitles) -> Subtitles:
    """The words as they stand in files beside films, where players would take some of them for a tag."""
    shown = {f"<{word}>": f"〈{word}〉" for word in ("멀리", "whispers", "펲")}
    mark = re.compile("|".join(shown))
    cues = (
        replace(c, lines=tuple(mark.sub(lambda found: shown[found[0]], one) for one in c.lines)) for c in words.cues
    )
    return replace(words, cues=tuple(cues))


@dataclass(frozen=True, slots=True)
class SubtitleFile:
    """One file, and what stands in it; `name` tells form, encoding and habit."""

    name: str
    data: bytes
    tracks: Tracks


def subtitle_files() -> Iterator[SubtitleFile]:
    """Sixty files: each form in each encoding, by each habit."""
    for number, (form, encoding, habit) in enumerate(product(_WRITERS, ENCODINGS, HABITS)):
        chance = Random(number)
        tracks = _tracks(chance, encoding, step_ms=10 if form == "ass" else 1)
        if habit != "two languages":
            tracks = {"ko": tracks["ko"]}
        elif form != "smi":
            tracks = {"ko": tuple(map(_above, tracks["ko"], tracks["en"]))}
        if form == "ass":  # words between braces are not shown
            tracks = {"ko": tuple(map(_without_braces, tracks["ko"]))}
        text = _WRITERS[form](tracks, habit == "careless")
        yield SubtitleFile(f"{form}, {encoding}, {habit}", text.encode(encoding), tracks)


def _above(korean: Cue, english: Cue) -> Cue:
    return Cue(korean.start_ms, korean.end_ms, (*korean.lines, *english.lines))


def _without_braces(cue: Cue) -> Cue:
    return replace(cue, lines=tuple(line.replace("{", "(").replace("}", ")") for line in cue.lines))


def _tracks(chance: Random, encoding: str, step_ms: int) -> Tracks:
    korean = _KOREAN if encoding == "euc-kr" else (*_KOREAN, *_WIDE_KOREAN)
    return {
        language: tuple(Cue(*times, tuple(chance.choice(said).split("\n"))) for times in _times(chance, step_ms))
        for language, said in (("ko", korean), ("en", _ENGLISH))
    }


def _times(chance: Random, step_ms: int) -> Iterator[tuple[int, int]]:
    """The first words come at once, every fifth ones right behind others, and half of all after an hour."""
    end = 0
    for number in range(CUES):
        pause = 3_600_000 if number == CUES // 2 else chance.randrange(10, 5_000) * (number % 5 > 0)
        start = (end + pause) // step_ms * step_ms
        end = start + chance.randrange(40, 6_000) // step_ms * step_ms
        yield start, end


def _clock(milliseconds: int, point: str, digits: int = 3, *, hours: bool = True) -> str:
    seconds, part = divmod(milliseconds, 1000)
    hour = f"{seconds // 3600:02}:" if hours or seconds >= 3600 else ""
    return f"{hour}{seconds // 60 % 60:02}:{seconds % 60:02}{point}{part // 10 ** (3 - digits):0{digits}}"


def _srt(tracks: Tracks, is_careless: bool) -> str:
    blocks = []
    for number, cue in enumerate(tracks["ko"], 1):
        times = f"{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}"
        words = "\n".join(cue.lines)
        if is_careless and number % 3 == 0:
            words = f"<i>{words}</i>"
        if is_careless and number % 4 == 0:
            times, words = f"{times}  X1:100 X2:200 Y1:300 Y2:400", "{\\an8}" + words
        if is_careless and number % 5 == 0:
            times, words = times.replace(",", "."), words.replace("\n", " \n\n") + "  \n"
        blocks.append(f"{number}\n{times}\n{words}\n")
    return "\n" + "\n".join(blocks).replace("\n", "\r\n") if is_careless else "\n".join(blocks)


def _vtt(tracks: Tracks, is_careless: bool) -> str:
    blocks = ["WEBVTT"]
    if is_careless:
        blocks = ["WEBVTT - a film", "STYLE\n::cue { color: white }", "REGION\nid:one", "NOTE 12\nnobody sees this"]
    for number, cue in enumerate(tracks["ko"], 1):
        times = f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}"
        words = html.escape("\n".join(cue.lines), quote=False)
        if is_careless:
            start, end = (_clock(time, ".", hours=False) for time in (cue.start_ms, cue.end_ms))
            times = f"{start} --> {end} align:start line:0"
            words = (words, f"<v 단비>{words}</v>", f"<c.loud>{words}</c>")[number % 3]
            if number % 5 == 0:
                blocks.append(f"NOTE {number}")
        name = f"{number}\n" if number % 2 else "scene-1\n" * is_careless
        blocks.append(f"{name}{times}\n{words}")
    return "\n\n".join(blocks) + "\n"


def _ass(tracks: Tracks, is_careless: bool) -> str:
    columns = ["Layer", "Start", "End", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect", "Text"]
    if is_careless:
        columns = ["Marked", "Start", "End", "Actor", "Text"]
    lines = ["[Script Info]", "Title: a film", "", "[V4+ Styles]", "Style: Default,Arial,20", "", "[events]"]
    lines += ["Format: " + ("," if is_careless else ", ").join(columns)]
    for number, cue in enumerate(tracks["ko"]):
        words = "\\N".join(cue.lines)
        if is_careless:
            words = (words, "{\\i1}" + words + "{\\i0}", "{\\pos(10,20)\\fs30}" + words)[number % 3]
        start, end = (_clock(time, ".", 2)[1:] for time in (cue.start_ms, cue.end_ms))
        values = {"Start": start, "End": end, "Style": "Default", "Text": words}
        lines.append("Dialogue: " + ",".join(values.get(name, "0") for name in columns))
        if is_careless and number % 4 == 0:
            lines.append(lines[-1].replace("Dialogue", "Comment"))
            lines.append(f"Dialogue: 0,{start},{end},0,{{\\p1}}m 0 0 l 9 9{{\\p0}}")
    return "\n".join(lines) + "\n"


def _smi(tracks: Tracks, is_careless: bool) -> str:
    classes = {"ko": "KRCC", "en": "ENCC"}
    lines = ["<SAMI>", "<HEAD>", "<TITLE>a film</TITLE>", '<STYLE TYPE="text/css">', "<!--", "P { color: white; }"]
    if not is_careless:
        lines += [".KRCC { Name:한국어; lang:ko-KR; SAMIType:CC; }", ".ENCC { Name:English; lang:en-US; SAMIType:CC; }"]
    lines += ["-->", "</STYLE>", "</HEAD>", "<BODY>"]
    shown: dict[int, dict[str, tuple[str, ...]]] = {}
    for language, cues in tracks.items():
        ends = {cue.end_ms for cue in cues} - {cue.start_ms for cue in cues}
        for time, said in [*((cue.start_ms, cue.lines) for cue in cues), *((end, ("&nbsp;",)) for end in ends)]:
            words = said if said == ("&nbsp;",) else tuple(html.escape(line, quote=False) for line in said)
            shown.setdefault(time, {})[language] = words
    for time, by_language in sorted(shown.items()):
        for language, said in by_language.items():
            if is_careless:
                coloured = "<font color=#fff>" + "<br />".join(said) + "</font>" * (time % 2)
                lines.append(f"<sync start='{time}'><p class={classes[language].lower()}>\r\n{coloured}")
            else:
                lines.append(f"<SYNC Start={time}><P Class={classes[language]}>\n" + "<br>\n".join(said))
    return "\r\n".join([*lines, *([] if is_careless else ["</BODY>", "</SAMI>"])])


_WRITERS: dict[str, Callable[[Tracks, bool], str]] = {"srt": _srt, "vtt": _vtt, "ass": _ass, "smi": _smi}
