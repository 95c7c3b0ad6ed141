"""What people write for themselves or for each other is told from what they write for readers."""

from __future__ import annotations

import pytest

from packager.text.mentions import MentionKind, mentions
from packager.text.private_notes import private_notes

NOTES = {
    "ko": """
메모: 지호에게 물어볼 것
(메모: 이 사람 이름은 공개 금지!)
내부용 - 배포 금지
※ 대외비
비공개
수정 필요: 날짜
할 일: 제목 바꾸기
나만 보기: 출처는 민아
[편집자 주: 이 단락 삭제]
이 글은 올리지 마세요
지호에게 물어볼 것
그림 (출처 확인 필요)
[사진 한 장 추가]
""",
    "en": """
Note to self: ask Jan.
Private: the source is Mina.
(Internal: source is Mina K.)
Do not print this paragraph.
Draft -
The sea. Not for publication.
Remember to call Jan about this.
Jan, please check this before it goes out.
XXX check
@Mina: is that right?
TODO check with Mina
**Confidential**
[check the date again]
((ask Mina about this))
""",
    "ru": """
Для себя: спросить Мину
Черновик
Не для печати
Море. Не публиковать!
Уточнить у Марины
[проверить дату]
""",
    "es": """
Borrador: el mar
No publicar todavía
Preguntar a Jan
Nota para mí: cambiar el título
[comprobar la fecha]
""",
    "fr": """
Brouillon
Ne pas publier
À vérifier : la date
Note pour moi : demander à Jean
[ajouter une photo]
""",
    "ja": """
メモ：あとで消す
自分用メモ：田中さんに確認
公開しないでください。
社外秘
要確認：日付
［図を差し替え］
""",
    "zh": """
仅供内部参考
請勿外傳
待确认：日期
备忘：问小李
［图片待补］
""",
    "ar": """
مسودة
ملاحظة شخصية: اسأل أحمد
ليس للنشر
لا تنشر هذا النص
[تحقق من التاريخ]
""",
}
TEXTS = {
    "ko": """
비공개 재판이 열렸다. 대외비 문건이 공개됐다.
무단 전재 및 재배포 금지
그는 이름을 공개하지 말라고 했다.
메모를 남겼다. 할 일이 많다.
정부는 정보 공개 금지 명령을 내렸다.
내부 고발자는 말했다: 거짓이다.
편집자: 김지호
초안을 썼다.
[사실 확인]
""",
    "en": """
The confidential paper was off the record.
Private schools cost much.
Louis XXX
Draft horses are strong.
[the state] said
“Ask Mary if she knows,” he said.
Remember to water them.
Editor's note: names were changed.
Think before you post.
Do not share your password.
[laughter from the hall]
""",
    "ru": """
Он решил не публиковать статью.
Лично я думаю: нет
""",
    "es": """
Todo el mundo lo sabe.
TODO EL MUNDO
Decidió no publicar la noticia.
""",
    "fr": """
Il a décidé de ne pas publier le texte.
Une note de bas de page : la mer
""",
    "ja": """
転載禁止。非公開の会議だった。
メモを取る。
""",
    "zh": """
他要求不要公开姓名。
机密文件被公开。
请勿转载
""",
    "ar": """
المسودة الأولى كتبت أمس
""",
}
NUMBERS = """
+49 170 1234567
+49 30 901820
+49/170/1234567
+49 (0)228 1234567
+82 10-1234-5678
010-1234-5678
02-123-4567
0170 1234567
0228 / 123456
00 49 170 1234567
+7 (495) 123-45-67
8 (495) 123-45-67
06 12 34 56 78
138-0013-8000
+850 2 381 1234
"""


def _each(blocks: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, line) for language, joined in blocks.items() for line in joined.strip().split("\n")]


@pytest.mark.parametrize(("language", "line"), _each(NOTES))
def test_a_note_is_found_once_in_its_line(language: str, line: str) -> None:
    """Whatever interface language it is in."""
    notes = list(private_notes(f"{language}\n{line}\n{language}"))
    assert [(note.kind, note.line) for note in notes] == [(MentionKind.PRIVATE, 2)]
    assert notes[0].text in line


@pytest.mark.parametrize(("language", "line"), _each(TEXTS))
def test_what_is_written_for_readers_is_no_note(language: str, line: str) -> None:
    """Though it speaks of secrets, drafts and what was not published."""
    assert list(private_notes(f"{language}\n{line}")) == []


@pytest.mark.parametrize("number", NUMBERS.strip().split("\n"))
def test_a_telephone_number_is_found_whole(number: str) -> None:
    """However its digits are parted."""
    assert [(one.kind, one.text) for one in mentions(f"Tel. {number}.")] == [(MentionKind.PHONE, number)]


@pytest.mark.parametrize(
    "text", ["1999-2000", "2024-01-02", "12.12.2024", "978-3-16-148410-0", "1 234 567", "007 1234"]
)
def test_a_date_is_no_telephone_number(text: str) -> None:
    """Nor is another number."""
    assert list(mentions(f"It says {text}.")) == []
