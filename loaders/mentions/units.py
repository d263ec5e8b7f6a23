"""The unit printed after a number."""

import re

from loaders.mentions.quantity import MORE, SCALES
from loaders.vocabulary import Vocabulary

_SCALE = re.compile(rf"[{SCALES}]*")
_PER = re.compile(r"/[\u4e00-\u9fff]{1,4}")
_BRACKETED = re.compile(r"[（(][\u4e00-\u9fff]{1,2}[）)]")


def unit_printed(text: str, at: int, vocabulary: Vocabulary) -> tuple[str, int, bool]:
    """The unit printed at ``at``: its text without 余 or 多, where it ends, and whether 余 or 多 stood in it."""
    while at < len(text) and text[at] == " ":
        at += 1
    scale = _SCALE.match(text, at)
    assert scale is not None
    best = vocabulary.unit_at(text, at)
    if best and (not best.strip(SCALES) or _is_other_word(text, at, best)):
        best = ""
    more = False
    begin = at
    if not best:
        begin = scale.end()
        if begin < len(text) and text[begin] in MORE and vocabulary.unit_at(text, begin + 1):
            more, begin = True, begin + 1
        best = vocabulary.unit_at(text, begin)
        if best and _is_other_word(text, begin, best):
            best = ""
        if best and scale.group() and best[0] in ("番", "成", "年", "%", "‰"):
            best = ""
    if best:
        end = begin + len(best)
        unit = (scale.group() + best) if begin != at else best
        per = _PER.match(text, end)
        if per and vocabulary.unit_at(text, end + 1):
            piece = vocabulary.unit_at(text, end + 1)
            unit, end = f"{unit}/{piece}", end + 1 + len(piece)
        bracket = _BRACKETED.match(text, end)
        if bracket and vocabulary.is_unit(bracket.group()[1:-1]):
            unit, end = unit + bracket.group(), bracket.end()
        return unit.replace("余", "").replace("多", ""), end, more
    if scale.group():
        more = text[scale.end() : scale.end() + 1] in MORE and scale.end() < len(text)
        return scale.group(), scale.end() + (1 if more else 0), more
    return "", at, False


#: 台|阶, 项|目, 家|庭: a character that opens another word is no unit
_OTHER_WORD = re.compile(
    r"台阶|项目|家庭|名录|处[理置]|部[门队署]|分[钟别之]|场[馆景所]|种[植业子源]|条件|所有|点位|件均|期间|级[别差]|度假|起[点步]|批复|对[口外]|组织|间接|片区|只有|匹配|担[当保任忧责负]|群[众体岛团策像]|峰[会值谷峦]"
)


def _is_other_word(text: str, at: int, unit: str) -> bool:
    return len(unit.lstrip(SCALES)) == 1 and bool(_OTHER_WORD.match(text, at + len(unit) - 1))
