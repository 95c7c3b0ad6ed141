"""Speaks the broadcast of the welcome bundle, in both languages.

    python bundles/welcome-source/radio.py

Needs espeak-ng and ffmpeg. What it makes is committed, so nobody else needs them.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

SOUND = Path(__file__).parent.parent / "welcome/sound"
WORDS = {
    "ko": """
        여기는 강가의 작은 방송입니다.
        오늘 밤 강물은 잔잔하고, 하늘은 맑습니다. 종이배를 띄우기 좋은 밤입니다.
        창가에 불을 하나 켜 두십시오. 누군가 그 불을 보고 길을 찾을 것입니다.
        내일 이 시간에 다시 오겠습니다. 편히 주무십시오.
        """,
    "en": """
        This is the small station by the river.
        Tonight the water is calm, and the sky is clear. It is a good night for paper boats.
        Leave a light in your window. Somebody may find the way by it.
        We will be back tomorrow at this hour. Sleep well.
        """,
}
SPEED = 135  # words a minute


def main() -> None:
    """Write an MP3 for each language, as a player of 2008 takes it: mono, at a constant rate, without tags."""
    SOUND.mkdir(exist_ok=True)
    for language, words in WORDS.items():
        spoken = ("espeak-ng", "-v", language, "-s", str(SPEED), "-g", "4", "--stdout", "--stdin")
        wave = subprocess.run(spoken, input=" ".join(words.split()).encode(), capture_output=True, check=True).stdout
        coded = ("-c:a", "libmp3lame", "-b:a", "48k", "-ac", "1", "-ar", "22050", "-write_xing", "0")
        clean = ("-map_metadata", "-1", "-id3v2_version", "0", "-fflags", "+bitexact")
        target = str(SOUND / f"evening.{language}.mp3")
        subprocess.run(("ffmpeg", "-v", "error", "-y", "-i", "pipe:0", *coded, *clean, target), input=wave, check=True)


if __name__ == "__main__":
    main()
