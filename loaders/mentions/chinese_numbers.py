"""Numbers written in Chinese that state a fact: ranks, 翻一番, 超八成, 三千余家, 突破千亿元, 两项…入选."""

import re
from collections.abc import Iterator
from decimal import Decimal

from loaders.mentions.numerals import arabic, chinese
from loaders.mentions.quantity import AFTER, BEFORE, SCALES, Quantity
from loaders.mentions.units import unit_printed
from loaders.vocabulary import Vocabulary

_CN = "一二两三四五六七八九十百千"
_CN_RANK = re.compile(
    rf"(?:第([{_CN}]{{1,3}})|前([{_CN}]{{1,3}}))(?=位|名|强(?!县|市|区|省|企|镇|的)|[，。；、,;）)]|$|且|和|的)"
)
_RANK_CONTEXT = re.compile(
    r"(?:居|列|位|排|排名|保持|跃升至?|升至|获|全国|全省|全市|全区|世界|全球|国内|中部|西部|东部|东北|省内|苏南|稳居|总量|增速|增幅|数量|规模|城市|首批|同类|[省市县区州）)])[^，。；]{0,8}$"
)
_CN_TIMES = re.compile(r"翻了?([一两二三四1-4])?番|(?:实现|同比|均)倍增(?=[，。；、]|$)|翻一倍")
#: 收支增长|两|倍以上
_CN_FOLD = re.compile(
    r"(?<=[增长加升高的])(?:了|近|超过?|约)?([一两二三四五六七八九])倍(?P<after>以上|左右|多)?"
)
_TIMES_HINT = re.compile(r"[番倍]")
_TENTHS_HINT = re.compile(r"[一二两三四五六七八九]成")
_CN_TENTHS = re.compile(
    r"(?:(超过?|近|约|逾|达到?|占比?|过|近乎|仅)([一二两三四五六七八九])成(?:以上|左右|多)?|([一二两三四五六七八九])成(?:以上|左右|多)"
    r"|(?<=[减降增简升缩长低少高])了?([一二两三四五六七八九])成(?=[，。；、]|$))"  # 精简|两成
)
_CN_HALF = re.compile(r"(超过?|近|约|达到?|占比|全[国省市球]的?)(一半|半数)(以上|左右)?(?![年个天月场])")
_CN_MORE = re.compile(rf"(?<![第前初数每上下分\d.])([{_CN}]+|万)(?:余|多)(?=[家个项名户件人场处条所座次])")
_CN_LARGE = re.compile(
    r"(超过?|突破|逾|近|达到?|跨越|迈上|跃上|站上|破)([一二两三四五六七八九]?[百千](?=[亿万])|万(?=亿)|[一二两三四五六七八九十](?=[亿万])|[百千万](?=[家个项名户件条列架艘辆台套次场种所座亩艘])|[百千](?=万?吨))"
)
_CN_COUNT = re.compile(
    r"([两三四五六七八九十])(?<![第前初数每的一其这各].)(?=[家所座名项](?!化|目标|任务|工作|建设|举措|措施|改革|制度|原则|行动|工程|指标|纪律|清单|机制|要求|职能|服务|创新|政策|重点|合一|责任))"
)
_CLASS_BEFORE = re.compile(
    r"\d[个家条项][^，。；、\d]{1,8}(?:规模|产值|营收|收入)?$"
)  #: 8个产业规模|超千亿元: a size class
_COUNT_VERB = re.compile(r"入选|获批|获评|落户|投用|开工|新增|建成|成功|获得|荣获|上榜|列入|通过")


def chinese_numbers(text: str, vocabulary: Vocabulary) -> Iterator[Quantity]:
    """Numbers written in Chinese that state a fact: ranks, 翻一番, 超八成, 三千余家, 突破千亿元, 两项…入选."""
    for match in _CN_RANK.finditer(text) if "第" in text or "前" in text else ():
        top = match.group(1) is None
        group = 2 if top else 1
        place = text[match.end() : match.end() + 1]
        if (
            top
            and place not in "位名"
            and not _RANK_CONTEXT.search(text[max(0, match.start() - 24) : match.start()])
        ):
            continue
        if top and text.startswith(("季度", "个月"), match.end()):
            continue
        if (
            not top
            and place not in ("位", "名")
            and not _RANK_CONTEXT.search(text[max(0, match.start() - 24) : match.start()])
        ):
            continue
        if re.search(r"(?:摆在|放在|作为|坚持)$", text[max(0, match.start() - 3) : match.start()]):
            continue
        if place == "的" and not re.match(r"的(?:好|成绩|位置)", text[match.end() :]):
            continue
        if _inside_quotes(text, match.start()):
            continue
        unit = place if place in ("位", "名") else ""
        yield Quantity(match.start(group), match.end(group), match.group(group), chinese(match.group(group)), None, unit,
                       "<=" if top else "=", match.start(), match.end() + (place in ("位", "名", "强")), "rank")  # fmt: skip
    for match in _CN_TIMES.finditer(text) if _TIMES_HINT.search(text) else ():
        if _inside_quotes(text, match.start()):
            continue
        if "番" in match.group():
            digit = match.group(1)
            span = match.span(1) if digit else match.span()
            value = arabic(digit) if digit and digit.isdigit() else chinese(digit or "一")
            yield Quantity(
                *span, text[slice(*span)], value, None, "番", "=", match.start(), match.end(), "multiple"
            )
        else:
            start = match.start() + match.group().find("倍增" if "倍增" in match.group() else "一倍")
            yield Quantity(start, match.end(), text[start : match.end()], Decimal(1), None, "倍", "=", match.start(),
                           match.end(), "multiple")  # fmt: skip
    for match in _CN_FOLD.finditer(text) if "倍" in text else ():
        if not _inside_quotes(text, match.start()):
            before = match.group().partition(match[1])[0].removeprefix("了")
            comparator = AFTER.get(match["after"] or "", BEFORE.get(before, "="))
            yield Quantity(*match.span(1), match[1], chinese(match[1]), None, "倍", comparator, match.start(), match.end(),
                           "amount")  # fmt: skip
    for match in _CN_TENTHS.finditer(text) if _TENTHS_HINT.search(text) else ():
        group = match.lastindex or 0
        comparator = BEFORE.get(match.group(1) or "", "=")
        tail = match.group()
        comparator = (
            ">="
            if tail.endswith("以上")
            else "~"
            if tail.endswith("左右")
            else ">"
            if tail.endswith("多")
            else comparator
        )
        start, end = match.start(group), match.end(group) + 1
        yield Quantity(start, end, text[start:end], 10 * chinese(match.group(group)), None, "%",
                       comparator, match.start(), match.end(), "amount")  # fmt: skip
    for match in _CN_HALF.finditer(text) if "半" in text else ():
        comparator = AFTER.get(match.group(3) or "", BEFORE.get(match.group(1), "="))
        yield Quantity(*match.span(2), match.group(2), Decimal(50), None, "%",
                       comparator, match.start(), match.end(), "amount")  # fmt: skip
    for match in _CN_MORE.finditer(text) if "余" in text or "多" in text else ():
        unit = vocabulary.unit_at(text, match.end())
        if unit and chinese(match.group(1)) >= 10 and not _inside_quotes(text, match.start()):
            yield Quantity(match.start(1), match.end(1), match.group(1), chinese(match.group(1)), None, unit, ">",
                           match.start(), match.end() + len(unit), "amount")  # fmt: skip
    for match in _CN_LARGE.finditer(text):
        unit, end, _ = unit_printed(text, match.end(2), vocabulary)
        if (
            not unit
            or unit in SCALES
            or re.match(r"级|的|以上|(?:产业|企业|园区|集群|县|项目|城市)", text[end : end + 2])
            or _inside_quotes(text, match.start())
            or _CLASS_BEFORE.search(text[max(0, match.start() - 20) : match.start()])
        ):
            continue
        comparator = BEFORE.get(match.group(1), "=")
        after = text[end : end + 2]
        right = end + 2 if after in AFTER else end
        comparator = AFTER.get(after, comparator)
        yield Quantity(match.start(2), match.end(2), match.group(2), chinese(match.group(2)), None, unit, comparator,
                       match.start(), right, "amount")  # fmt: skip
    for match in _CN_COUNT.finditer(text):
        clause = re.split(r"[，。；]", text[match.end() :])[0]
        lead = re.split(r"[，。；、]", text[max(0, match.start() - 20) : match.start()])[-1]
        if len(lead) <= 6 and _COUNT_VERB.search(clause) and not _inside_quotes(text, match.start()):
            yield Quantity(match.start(1), match.end(1), match.group(1), chinese(match.group(1)), None,
                           text[match.end() : match.end() + 1], "=", match.start(), match.end() + 1, "amount")  # fmt: skip


def _inside_quotes(text: str, at: int) -> bool:
    before = text[max(0, at - 200) : at]
    return before.count("“") > before.count("”") or before.count("《") > before.count("》")
