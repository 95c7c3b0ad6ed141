"""A library of thousands of works, as far as its home documents and lists go: works with titles and covers only."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from packager.config import media
from packager.config.definition import Definition
from packager.config.profile import load
from packager.layout import lay_out
from packager.layout.build_input import BuildInput
from packager.model import (
    Article,
    Edition,
    Entry,
    Library,
    Paragraph,
    Publication,
    Rendition,
    Renditions,
    Role,
    RoleRenditions,
    Text,
    Version,
    Wording,
)
from packager.output import templating
from packager.output.writer import write_tree
from tests.helpers.builders import make_picture

COVER = (200, 282)
KOREAN = (
    "가을",
    "나무",
    "다리",
    "라면",
    "마을",
    "바다",
    "사진",
    "아침",
    "자전거",
    "차",
    "칼국수",
    "토끼",
    "파도",
    "하늘",
)
ENGLISH = ("Autumn", "Bridge", "Cellar", "Door", "Evening", "Field", "Garden", "Harbour", "Island", "Joke", "Kettle")


def large_library(count: int, cover: Path) -> tuple[Entry, ...]:
    """The home documents and lists, in Korean and English, of `count` works that all have the one cover."""
    make_picture(cover, COVER)
    shown = Rendition(Role.COVER, str(cover), *COVER, cover.stat().st_size)
    publications = tuple(_work(number) for number in range(count))
    definition = Definition(Path(), "window", Wording.plain("읽을거리"), ("ko", "en"))
    library, words, medium = Library(publications, ()), templating.dictionary(), media.space(0)
    build = BuildInput(definition, load("any"), library, words, templating.size_of, medium, (Edition.SITE,))
    renditions = {(one.id, "ko"): Renditions((RoleRenditions(Role.COVER, (shown,)),)) for one in publications}
    entries = chain.from_iterable(group.entries for group in lay_out(build, renditions))
    return tuple(entry for entry in entries if entry.path.parts[0] == "list" or len(entry.path.parts) == 1)


def make_large_library(folder: Path, count: int) -> Path:
    """The same as files below `folder`; the works that the links lead to are not there."""
    folder.mkdir(parents=True)
    tree = folder / "tree"
    write_tree(large_library(count, folder / "cover.jpg"), tree)
    return tree


def _work(number: int) -> Publication:
    korean, english = KOREAN[number % len(KOREAN)], ENGLISH[number % len(ENGLISH)]
    version = Version(
        "ko",
        f"{korean} 이야기 {number}",
        Article((Paragraph((Text("글"),)),)),
        authors=(f"{'김이박'[number % 3]} 작가",),
        summary=f"{korean}에 대한 짧은 글이다. 열 줄을 넘지 않는다.",
    )
    title = Wording((("ko", version.title), ("en", f"{english}, a story {number}")))
    section = Wording.plain(f"묶음 {number * 5 // 5000 + 1}")
    return Publication(f"w4{number:04}", (version,), title=title, section=section)
