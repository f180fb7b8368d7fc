"""Languages of blocks: scripts and marker letters tell most, and what is too short to tell is left to the page."""

from __future__ import annotations

import pytest

from foedus.pages.tongue import UNTOLD, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("各国外长讨论了边界问题", "zh-Hans"),
        ("各國外長討論了邊界問題", "zh-Hant"),
        ("外相らは国境の問題について話し合いました", "ja"),
        ("외무장관들은 국경 문제를 논의했다", "ko"),
        ("Министры обсудили положение на границе", "ru"),
        ("Міністри обговорили становище на кордоні, її захист", "uk"),
        ("Міністры абмеркавалі становішча на мяжы, дзе ўсё ціха", "be"),
        ("Министрлер шекарадағы жағдайды талқылады", "kk"),
        ("Министрлер чек арадагы абалды талкуулашты, бүгүн", "ky"),
        ("Các bộ trưởng đã thảo luận về biên giới", "vi"),
        ("The ministers discussed the border and signed a statement", "en"),
        ("Os ministros discutiram a situação na fronteira e assinaram uma declaração que não foi publicada", "pt"),
        ("Los ministros hablaron de la frontera y firmaron una declaración en la capital", "es"),
        ("Les ministres ont parlé de la frontière et ont signé une déclaration dans la capitale", "fr"),
        ("ناقش الوزراء الوضع على الحدود", "ar"),
        ("2022-01-06 10:20", UNTOLD),
        ("", UNTOLD),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_text_too_short_to_tell_takes_the_default_of_its_script() -> None:
    assert language_of("Minsk", default="vi") == "vi"
    assert language_of("主席", default="zh-Hant") == "zh-Hant"
    assert language_of("Нур", default="kk") == "kk"
    assert language_of("Minsk") == UNTOLD
