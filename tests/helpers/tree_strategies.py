"""Generated trees for hypothesis: names of every kind, nested folders, crowded ones."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from hypothesis import strategies as st

Files = dict[PurePosixPath, int]  # paths, the top folder first, and sizes

NAMES = st.one_of(
    st.from_regex(r"[a-z0-9_][a-z0-9_-]{0,7}(\.[a-z0-9]{1,3})?", fullmatch=True),  # mtools takes `-` for its input
    st.from_regex(r"[A-Z0-9!#$%&'()@^_`{}~-]{1,8}\.[a-z]{1,3}", fullmatch=True),
    st.from_regex(r"[A-Za-z]{1,6}~[1-3]\.(jpg|JPG)", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9+,;=\[\] .]{0,16}[A-Za-z]\.(html|jpeg|a b)", fullmatch=True),
    st.from_regex(r"[가-힣]{1,14}\.(jpg|txt)", fullmatch=True),
    st.from_regex(r"[a-z]{180,200}[가-힣]{1,8}", fullmatch=True),
)
LONGEST = st.from_regex(r"[a-z]{255}", fullmatch=True)
CROWD_NAMES = st.sampled_from(["{:03}.jpg", "page-{:04}.jpg", "그림 {:03}.jpg", "P{:03}"])


@st.composite
def files(draw: st.DrawFn, sizes: st.SearchStrategy[int], crowd: int, names: st.SearchStrategy[str] = NAMES) -> Files:
    """Up to five folders, nested or not, and often one that holds up to `crowd` small files; no two names alike."""
    folders = [PurePosixPath(draw(st.sampled_from(["window", "w", "W4", "Window", "창문"])))]
    taken: set[str] = set()
    found: Files = {}

    def add(path: PurePosixPath) -> bool:
        is_new = _folded(str(path)) not in taken
        taken.add(_folded(str(path)))
        return is_new

    for _ in range(draw(st.integers(0, 4))):
        folder = draw(st.sampled_from(folders)) / draw(names)
        if add(folder):
            folders.append(folder)
    for folder in folders:
        for name in draw(st.lists(names, min_size=1, max_size=6)):
            if add(folder / name):
                found[folder / name] = draw(sizes)
    if numbers := draw(st.none() | st.integers(1, crowd)):
        folder, name = draw(st.sampled_from(folders)), draw(CROWD_NAMES)
        paths = (folder / name.format(number) for number in range(numbers))
        found |= {path: len(path.name) % 2 for path in paths if add(path)}
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
