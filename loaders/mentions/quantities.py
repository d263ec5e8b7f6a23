"""Finds every number of a text, with its unit and comparator, and says which cannot be a fact and why.

The tables below are the grammar of numbers in the genre; each entry is met in real reports and has its example in
``tests/data/quantities.toml``. What is not understood is returned with reason ``unexplained``, never dropped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from loaders.mentions.numerals import arabic, chinese
from loaders.model import Comparator
from loaders.vocabulary import Vocabulary

Form = Literal["amount", "rank", "multiple", "proportion", "medal"]

MAX_DIGITS = 20  #: a longer run of digits is no number a report states
#: words right before the number, longest first; the value is the comparator they state
BEFORE: dict[str, Comparator] = {
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "不下于": ">=", "至少": ">=", "最低": ">=",
    "高于": ">", "大于": ">", "多于": ">", "超过": ">", "超出": ">", "突破": ">", "超": ">", "逾": ">", "过": ">", "破": ">",
    "不超过": "<=", "不高于": "<=", "不大于": "<=", "至多": "<=", "低于": "<", "不足": "<", "少于": "<", "小于": "<", "不到": "<",
    "大约": "~", "约为": "~", "约合": "~", "约": "~", "接近": "~", "将近": "~", "近": "~",
}  # fmt: skip
#: words right after the unit
AFTER: dict[str, Comparator] = {
    "及以上": ">=", "以上": ">=", "以内": "<=", "之内": "<=", "以下": "<=", "左右": "~", "上下": "~", "余": ">", "多": ">",
}  # fmt: skip
MORE = "余多"  #: 20多家, 1.4万余家: between number (or scale) and unit
SCALES = "十百千万亿"

_ARABIC = r"\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
_NUMBER = re.compile(_ARABIC)
_RANGE = re.compile(rf"\s*(?:~|-|—{{1,2}}|–|至|到)\s*({_ARABIC})")
_BEFORE = re.compile("(?:" + "|".join(sorted(BEFORE, key=len, reverse=True)) + r")$")
_AFTER = re.compile("|".join(sorted(AFTER, key=len, reverse=True)))
_RATIO = re.compile(r"\d+(?:\.\d+)?(?:[:：]\d+(?:\.\d+)?){1,3}")
_MEDAL = re.compile(r"[金银铜](?=[、，。；\d和枚]|$)")  #: 9金、5银、6铜
_SCALE = re.compile(rf"[{SCALES}]*")

#: Where the text before the digits ends like this, the number is part of a name.
_NAME_BEFORE = re.compile(
    r"[A-Za-z]-?$|[A-Za-z]\d+[.-]$|[A-Za-z][\d.]*/$|\+$|×$|“$|第[一二三四五六七八九十]+$|[（(]$(?<=\d[（(])"
)
_METRIC_BEFORE = re.compile(r"(?:GDP|CPI|PPI|R&D)$")
#: What follows the digits makes it a name: 500强, 11号线, 256省道, 4.0版, 5G
_NAME_AFTER = re.compile(
    r"强|号(?!召)|路(?!段|口)|[省县国乡村]道|线(?!上|下|城)|版|型|式|\+|×|x\d|级(?!以上|及)|师(?!生)|会(?!议)|[A-Za-zαβ]|“|·|呼救|热线|工程(?!项目|量|建设|技术)|"
    r"小时(?:[^，。；、,]{0,4}(?:图书馆|驿站|不打烊|书房|自助|值守|在线|服务|便利|药店|通勤|生活圈|交通圈|经济圈|达))|"
    r"分钟(?:[^，。；、,]{0,8}圈)|个[月年]|[(（](?:一|二|三|四)期|楼|室|弄|巷|街(?!道)"
)
#: 国家102项重大工程, 10种有色金属: the number is part of an official name
_OFFICIAL_COUNT = re.compile(r"(?<=国家)\d+项(?:重大)?工程|1?0种有色金属")
_ORDINAL_BEFORE = re.compile(r"(?:表|图|专栏|附件|附表|注|第|其)\s*$")
_ADDRESS = re.compile(
    r"(?:https?:?//|www\.)[\x21-\x7e]+|(?<![\w.])[\w.]{1,60}@[\w.]{1,60}"
)  #: web and mail addresses hold names, not numbers
_QUOTE = re.compile(r"[“”《》‘’「」]")
_QUOTES = {"“": "”", "《": "》", "‘": "’", "「": "」"}
#: 65岁以上, 60周岁及以上, 0~3岁: an age names a group, it is not measured
_AGE = re.compile(r"周?岁")
_AGE_MEASURED = re.compile(r"寿命|年龄")
_YEARS_MEASURED = re.compile(r"年限|年数|历史|建城史|使用期|工龄")
_DATE_AFTER = re.compile(
    r"年(?![均产度])|年度|年[均产]|月(?!均|租|薪|活|人均)|日(?!均|报|供|产|处理|元)|季度|周年|世纪|时\d|点(?!位)|[~—–-]\d{1,4}[年月日]|/\d{1,2}[/年月日]|-\d{1,2}-\d|:\d\d"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED_PARTS = re.compile(
    r"(?:大|个|条|项|类|方面|部分)?(?:方面|大类|主要预期目标|预期目标|主要目标|主要指标|约束性指标|重点任务|改革任务|年度任务|重点工作|政策措施|具体措施|举措|措施|政策|部分|意见|原则|维护|意识|自信|确保|清单|转变|体系|领域|层面|环节|维度)(?!项目|工程|企业)|[^，。；]{0,14}之一"
)
_COUNTED_PAPERS = re.compile(
    r"[^，。；、\d的]{0,14}(?:方案|办法|细则|实施意见|政策|措施|举措)(?=[，。；、和及]|$)"
)  #: 12个重点产业稳增长方案
_RANK_PLACE = re.compile(r"(?:位|名)")
_END = re.compile(
    r"[，。；、,;！）)”：:]|$|位|名|且|和|与|并|及|（|\(|的好成绩|水平|以后|以内|之列|方阵(?!)|行列"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text. Offsets count in the text given to :func:`find`."""

    start: int  #: of the digits
    end: int
    number: str
    value: Decimal
    upper: Decimal | None
    unit: str
    comparator: Comparator
    left: int  #: where its comparator words begin
    right: int  #: where its unit and trailing comparator end
    form: Form
    reason: str = ""  #: why it is no fact; empty for a candidate

    @property
    def is_fact(self) -> bool:
        return not self.reason


def find(text: str, vocabulary: Vocabulary) -> tuple[Quantity, ...]:
    """All numbers of ``text`` in order: candidates for facts, and the others with their reason."""
    quoted = _quoted_spans(text)
    found: list[Quantity] = []
    at = 0
    for match in _NUMBER.finditer(text):
        if match.start() < at:
            continue
        ratio = _RATIO.match(text, match.start())
        if ratio and "." in ratio.group() and ratio.group().count(":") >= 1:
            found += _ratio(ratio)
            at = ratio.end()
            continue
        group = _read(text, match, vocabulary)
        inside = next((q for q in quoted if q[0] < match.start() < q[1]), None)
        if inside and (group[0].is_fact or group[0].reason.startswith("unexplained")):
            group = [replace(group[0], reason="name"), *group[1:]]
        found += group
        at = max(at, group[-1].end)
    found += [
        q for q in _chinese(text, vocabulary) if not any(f.start < q.end and q.start < f.end for f in found)
    ]
    return _spread_thresholds(text, _share_units(text, sorted(found, key=lambda q: q.start)))


def _share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """分别提高20.9、36.2、54个百分点, 提高9.2个和6.8个百分点: the unit printed last is that of the whole list."""
    for i in range(len(found) - 2, -1, -1):
        q, following = found[i], found[i + 1]
        listed = (
            text[q.right : following.left] in ("、", "和", "及", "与") and following.left == following.start
        )
        bare = q.reason == "unexplained: no unit" or (q.unit == "个" and following.unit == "个百分点")
        if (
            listed
            and bare
            and following.is_fact
            and following.unit
            and following.form in ("amount", "multiple")
        ):
            found[i] = replace(q, unit=following.unit, form=following.form, reason="")
    return found


def _spread_thresholds(text: str, found: list[Quantity]) -> tuple[Quantity, ...]:
    """超30亿元或3亿美元项目: what is a size class for the second amount is one for the first."""
    for i in range(len(found) - 2, -1, -1):
        q, following = found[i], found[i + 1]
        if (
            q.is_fact
            and q.unit.endswith("元")
            and following.reason == "threshold"
            and text[q.right : following.left] in ("或", "、", "/", "或者")
        ):
            found[i] = replace(q, reason="threshold")
    return tuple(found)


def _quoted_spans(text: str) -> list[tuple[int, int]]:
    """Spans of quotations, titles and addresses; the innermost mark that closes decides."""
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for match in _QUOTE.finditer(text):
        char = match.group()
        if char in _QUOTES:
            stack.append((char, match.start()))
        elif stack and char == _QUOTES[stack[-1][0]]:
            spans.append((stack.pop()[1], match.start()))
    if "." in text:
        spans += [(m.start() - 1, m.end()) for m in _ADDRESS.finditer(text)]
    return spans


_CLAUSE_STOP = re.compile(r"[，。；]")


def _clause_before(text: str, at: int) -> str:
    """The words of the clause before ``at``, at most 80."""
    return _CLAUSE_STOP.split(text[max(0, at - 80) : at])[-1]


def _plain(match: re.Match[str], reason: str, right: int | None = None) -> Quantity:
    """A number that is no fact."""
    value = arabic(match.group()[:MAX_DIGITS])
    end = match.end()
    return Quantity(
        match.start(), end, match.group(), value, None, "", "=", match.start(), right or end, "amount", reason
    )


def _read(text: str, match: re.Match[str], vocabulary: Vocabulary) -> list[Quantity]:
    """Reads the number at ``match`` (and the second one of its range)."""
    if len(match.group()) > MAX_DIGITS:
        return [replace(_plain(match, "other"), value=Decimal(0))]
    reason = _not_a_quantity(text, match, vocabulary)
    if reason:
        return [_plain(match, reason)]
    start, end = match.span()
    rank = _rank(text, match)
    if rank:
        return [rank]
    unit, after_unit, more = _unit(text, end, vocabulary)
    second = _RANGE.match(text, after_unit if unit else end) or (_RANGE.match(text, end) if unit else None)
    upper: Decimal | None = None
    others: list[Quantity] = []
    if second:
        unit2, after2, more = _unit(text, second.end(1), vocabulary)
        if (
            unit2
            and (not unit or unit == unit2 or unit2.endswith(unit))
            and arabic(second.group(1)) > arabic(match.group())
        ):
            upper, unit, after_unit = arabic(second.group(1)), unit2, after2
            others = [
                Quantity(second.start(1), second.end(1), second.group(1), upper, None, unit2, "=", second.start(1),
                         after2, "amount", "range")
            ]  # fmt: skip
    left, comparator = _comparator_before(text, start)
    right = after_unit
    trailing = _AFTER.match(text, right)
    if trailing and not (trailing.group() in MORE and not unit):
        right = trailing.end()
        comparator = _combine(comparator, AFTER[trailing.group()])
    elif more:
        comparator = ">"
    if not unit and others == [] and _DATE_AFTER.match(text, end):
        return [_plain(match, "date")]
    medal = not unit and bool(_MEDAL.match(text, end))
    form: Form = "multiple" if unit in ("倍", "番") else "medal" if medal else "amount"
    quantity = Quantity(start, end, match.group(), arabic(match.group()), upper, unit, comparator, left,
                        end + 1 if medal else right, form)  # fmt: skip
    return [replace(quantity, reason=_not_a_fact(text, quantity)), *others]


_COUNTED_YEAR = re.compile(r"[个家户人名项件亿万元%套公亩米]")
_AFTER_YEAR = re.compile(r"年|[~—–-]|/|\.\d|[)）〕\]]")
_OPENED = re.compile(r"[〔\[（(]$")
_CLOSED = re.compile(r"[〕\])）]")
_YEAR_SPAN = re.compile(r"\d{4}\s*[~—–-]+$|\d{4}年?\s*[~—–至到-]+$")
_CALENDAR = re.compile(
    r"月(?!均|人均|租|活)|日(?!均|产|供|处理)|季度|世纪|周年|\s*[~—–-]\s*\d{1,2}(?:月|日|季度)"
)


def _not_a_quantity(text: str, match: re.Match[str], vocabulary: Vocabulary) -> str:
    """Reason for a number that measures nothing, judged by what touches it; empty when it may measure."""
    start, end = match.span()
    if (named := _OFFICIAL_COUNT.match(text, start)) and named.end() > end:
        return "name"
    before, after = text[max(0, start - 12) : start], text[end : end + 14]
    if (_NAME_BEFORE.search(before) and not _METRIC_BEFORE.search(before)) or _NAME_AFTER.match(after):
        latin = vocabulary.unit_at(text, end)
        unit_like = (
            latin.isascii()
            and (len(latin) > 1 or latin == "P")
            and not text[end + len(latin) : end + len(latin) + 1].isascii()
        )
        if not unit_like or _NAME_BEFORE.search(before):
            return "name"
    if (
        _YEAR.fullmatch(match.group())
        and not _COUNTED_YEAR.match(after)
        and vocabulary.unit_at(text, end + (after[:1] in MORE)) in ("", "年", "级", "号", "版")
    ):
        return "date" if _AFTER_YEAR.match(after) else "name"
    if _OPENED.search(before) and _CLOSED.match(after):
        return "ordinal"
    if (
        len(match.group()) <= 2
        and (not before or before[-1] in "。；：\n")
        and re.match(r"[.．、](?!\d)", after)
    ):
        return "ordinal"
    if _ORDINAL_BEFORE.search(before) and not before.endswith("第"):
        return "ordinal"
    if _YEAR.fullmatch(match.group()) and _YEAR_SPAN.search(before):
        return "date"
    if _CALENDAR.match(after):
        return "date"
    if after.startswith("年"):
        return _years(text, match)
    return ""


def _years(text: str, match: re.Match[str]) -> str:
    """N年: a date, a span of time, or (rarely) a measured length of time."""
    clause = _clause_before(text, match.start())
    if _YEARS_MEASURED.search(clause) and not _YEAR.fullmatch(match.group()):
        return ""
    if _YEAR.fullmatch(match.group()) or len(match.group()) <= 2:
        return (
            "other"
            if re.search(r"连续$|已$", clause) or re.match(r"年(?:连|不|禁|期)", text[match.end() :])
            else "date"
        )
    return "other"


def _rank(text: str, match: re.Match[str]) -> Quantity | None:
    """第7位, 前10名, 第3。: the row covers only the numeral."""
    start, end = match.span()
    lead = text[start - 1 : start]
    if lead not in ("第", "前"):
        return None
    rest = text[end : end + 3]
    place = _RANK_PLACE.match(rest)
    if not place and (lead == "前" or not re.match(r"[，。；、,;）)]|$", rest)):
        return _plain(match, "ordinal") if lead == "第" else None
    unit = place.group() if place and not match.group().isdigit() else (place.group() if place else "")
    return Quantity(start, end, match.group(), arabic(match.group()), None, unit, "<=" if lead == "前" else "=",
                    start - 1, end + (len(unit) if place else 0), "rank")  # fmt: skip


def _unit(text: str, at: int, vocabulary: Vocabulary) -> tuple[str, int, bool]:
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
        per = re.match(r"/[\u4e00-\u9fff]{1,4}", text[end:])
        if per and vocabulary.unit_at(text, end + 1):
            piece = vocabulary.unit_at(text, end + 1)
            unit, end = f"{unit}/{piece}", end + 1 + len(piece)
        bracket = re.match(r"[（(][\u4e00-\u9fff]{1,2}[）)]", text[end:])
        if bracket and vocabulary.is_unit(bracket.group()[1:-1]):
            unit, end = unit + bracket.group(), end + bracket.end()
        return unit.replace("余", "").replace("多", ""), end, more
    if scale.group():
        more = text[scale.end() : scale.end() + 1] in MORE and scale.end() < len(text)
        return scale.group(), scale.end() + (1 if more else 0), more
    return "", at, False


#: 台|阶, 项|目, 家|庭: a character that opens another word is no unit
_OTHER_WORD = re.compile(
    r"台阶|项目|家庭|名录|处[理置]|部[门队署]|分[钟别之]|场[馆景所]|种[植业子源]|条件|所有|点位|件均|期间|级[别差]|度假|起[点步]|批复|对[口外]|组织|间接|片区|只有"
)


def _is_other_word(text: str, at: int, unit: str) -> bool:
    return len(unit) == 1 and bool(_OTHER_WORD.match(text, at))


def _comparator_before(text: str, start: int) -> tuple[int, Comparator]:
    lead = _BEFORE.search(text[max(0, start - 4) : start])
    if not lead:
        return start, "="
    word = lead.group()
    if word in ("过", "破") and not re.search(
        r"(?:已|将|首次|超|总额|规模|人口|量)$", text[max(0, start - 4) : start - 1]
    ):
        return start, "="
    return start - len(word), BEFORE[word]


def _combine(before: Comparator, after: Comparator) -> Comparator:
    """超过5%以上 is >; 控制在5.5%以内 is <=; 达到约5%以上 is >=."""
    return after if before in ("=", "~") else before


#: 60万吨赖氨酸项目, 120万吨乙烯装置: a capacity that names a project
_CAPACITY_NAME = re.compile(r"[\u4e00-\u9fff]{1,14}(?:等)?(?:项目|工程|装置|生产线|基地|机组)")


_DURATION = re.compile(
    r"(?:连续|提前|历时|仅用|用时不到)$"
)  #: 连续16个季度, 提前3个月: how long, not how much


def _not_a_fact(text: str, q: Quantity) -> str:
    """Reason for a quantity that is not the value of a fact, judged by the words around it."""
    rest = text[q.right : q.right + 24]
    if q.unit.endswith(("千伏", "吨级")) and rest[:1] and "\u4e00" <= rest[0] <= "\u9fff":
        return "name"
    if (
        q.unit.endswith(("吨", "千瓦", "兆瓦", "吉瓦", "吉瓦时", "平方公里", "千伏"))
        and _CAPACITY_NAME.match(rest)
        and q.comparator == "="
    ):
        return "name"
    clause = _clause_before(text, q.left)
    if _AGE.match(q.unit) or q.unit == "岁":
        return "" if _AGE_MEASURED.search(clause) else "threshold"
    if _DURATION.search(clause) and re.match(r"个?(?:季度|月|年|天|届|周|个工作日)", text[q.end :]):
        return "other"
    if not q.unit:
        if text[q.end : q.end + 1] == "岁" or re.match(r"周岁|余岁", text[q.end :]):
            return "threshold"
        return "" if _states_bare_number(clause) or q.form == "medal" else "unexplained: no unit"
    if _is_threshold(text, q, clause, rest):
        return "threshold"
    if q.unit in ("个", "项", "条", "大", "类") and (
        _COUNTED_PARTS.match(rest) or _COUNTED_PAPERS.match(rest)
    ):
        return "other"
    if (
        q.unit in ("大", "度", "期", "届", "次", "级", "代", "号", "分", "类")
        and q.upper is None
        and rest
        and "\u4e00" <= rest[0] <= "\u9fff"
    ):
        return "other" if q.unit != "次" else ""
    return ""


#: 投资超10亿元的项目, 2000万元以上产业项目, 65岁及以上老年人, 10亿元级项目: a size class, not a value
_COUNTED_CLASS = re.compile(
    r"的[^，。；、\d]{0,16}(?:项目|企业|园区|产业|基地|集群)\d[\d.]*[个家项]"
)  #: 总投资超15亿元的重大产业项目54个
_CLASS_NOUN = re.compile(
    r"的?[^，。；、\d]{0,14}?(?:项目|企业|地块|工程|产业园|园区|商户|单位|城市|县|机组|水库|河流|湖泊|船舶|泊位|楼宇|贷款|火灾|基地|集群|省份|市县|强县|强镇)"
)


#: 新增|30个以上|乡镇通三级公路: a count of what is added, not a class of it
_THINGS = frozenset("个 家 户 项 名 人 场 条 件 套".split())
_ADDED_VERB = "新增|新建|建成|建设|新培育|培育|打造|引进|新引进|实施|创建|完成|改造|举办|开展|支持|培养|培训|认定|推出|落地"
_ADDED = re.compile(rf"(?:{_ADDED_VERB})$|^(?:{_ADDED_VERB})[^，]*\d[^，]*[、和及]$")
_SUPERLATIVE = re.compile(r"最[高大长深快远]$")  #: 全球最高|10米|液压支架


def _is_threshold(text: str, q: Quantity, clause: str, rest: str) -> bool:
    trailing = text[q.end : q.right].endswith(("以上", "以下", "以内"))
    if re.match(r"[级]", rest):
        return True
    if q.unit.endswith("元") and re.match(
        r"(?:以上|或\d[\d.]*[亿万]?美?元)?(?:的)?[\u4e00-\u9fff]{0,8}?(?:项目|企业)\d+[个家]", rest
    ):
        return True
    if q.unit.endswith(("米", "公里", "分钟", "小时")) and re.match(
        r"内[\u4e00-\u9fff]", rest
    ):  # 50米内换乘比例
        return True
    if re.search(r"按照?每人每年$", clause):  # 按照每人每年2300元的农村贫困标准
        return True
    money = q.unit.endswith(("元", "美元", "吨", "亩", "千瓦", "平方米", "公里"))
    if (
        money
        and q.comparator in (">", ">=")
        and rest.startswith("的")
        and (re.search(r"\d[\d.]*[个家项座][^，。；、\d]{0,8}$", clause) or _COUNTED_CLASS.match(rest))
    ):
        return True
    if trailing and rest[:1] and "\u4e00" <= rest[0] <= "\u9fff" and rest[0] not in "的和与及且并，占":
        return not (q.unit in _THINGS and _ADDED.search(clause))
    if _SUPERLATIVE.search(clause) and rest[:1] and "\u4e00" <= rest[0] <= "\u9fff" and q.comparator == "=":
        return True
    if trailing and re.match(r"的(?!增长|速度|目标|水平|增速|标准)", rest):
        return True
    if (
        money
        and rest.startswith("的")
        and re.search(r"(?:投资|规模|产值|营收|收入)?(?:超过?|达到?|不低于|在)?$", clause) is not None
    ):
        return bool(
            q.comparator in (">", ">=")
            and re.match(r"的(?:重大|重点|产业|工业|在建|新建)?(?:项目|企业|地块)", rest)
        )
    if (
        money
        and q.comparator in (">", ">=")
        and _CLASS_NOUN.match(rest)
        and re.match(r"[\u4e00-\u9fff]", rest)
        and not trailing
    ):
        noun = _CLASS_NOUN.match(rest)
        assert noun is not None
        tail = rest[noun.end() :]
        return bool(
            re.match(r"\d|达|超|近|共|（|[、，。]", tail)
            or re.search(r"个|引进|招引|新签约|累计引投|签约$", clause[-8:])
        )
    return False


def _states_bare_number(clause: str) -> bool:
    """A number without a unit still measures where its noun says so: 收入比为2.51, 基尼系数0.4."""
    return bool(
        re.search(r"\d[\d.]*(?:提升|提高|上升|下降|增加|缩小)[至到]$", clause)
        or re.search(
            r"(?:收入比|之比|指数|系数|倍差|得分|评分|满意度|安全感|比例|比率)[^，。；\d]{0,6}(?:为|达到?|至|在|约|从|由|扩大|缩小|优化|下降|提高|=)?[^，。；\d]{0,3}$",
            clause,
        )
    )


def _ratio(match: re.Match[str]) -> list[Quantity]:
    """0.2:31.9:67.9 gives one quantity for each part."""
    parts = []
    for piece in re.finditer(r"\d+(?:\.\d+)?", match.group()):
        start = match.start() + piece.start()
        end = match.start() + piece.end()
        parts.append(
            Quantity(
                start,
                end,
                piece.group(),
                arabic(piece.group()),
                None,
                "",
                "=",
                match.start(),
                match.end(),
                "proportion",
            )
        )
    return parts


_CN = "一二两三四五六七八九十百千"
_CN_RANK = re.compile(
    rf"(?:第([{_CN}]{{1,3}})|前([{_CN}]{{1,3}}))(?=位|名|强(?!县|市|区|省|企|镇|的)|[，。；、,;）)]|$|且|和|的)"
)
_RANK_CONTEXT = re.compile(
    r"(?:居|列|位|排|排名|保持|跃升至?|升至|获|全国|全省|全市|全区|世界|全球|国内|中部|西部|东部|东北|省内|苏南|稳居|总量|增速|增幅|数量|规模|城市|首批|同类|[省市县区州）)])[^，。；]{0,8}$"
)
_CN_TIMES = re.compile(r"翻([一两二三四1-4])?番|(?:实现|同比|均)倍增(?=[，。；、]|$)|翻一倍")
_CN_TENTHS = re.compile(
    r"(?:(超过?|近|约|逾|达到?|占比?|过|近乎|仅)([一二两三四五六七八九])成(?:以上|左右|多)?|([一二两三四五六七八九])成(?:以上|左右|多))"
)
_CN_HALF = re.compile(r"(超过?|近|约|达到?|占比|全[国省市球]的?)(一半|半数)(以上|左右)?(?![年个天月场])")
_CN_MORE = re.compile(rf"(?<![第前初数每上下分\d.])([{_CN}]+|万)(?:余|多)(?=[家个项名户件人场处条所座次])")
_CN_LARGE = re.compile(
    r"(超过?|突破|逾|近|达到?|跨越|迈上|跃上|站上|破)([一二两三四五六七八九]?[百千](?=[亿万])|万(?=亿)|[一二两三四五六七八九十](?=[亿万])|[百千万](?=[家个项名户件条列架艘辆台套次场种所座亩艘])|[百千](?=万?吨))"
)
_CN_COUNT = re.compile(
    r"(?<![第前初数每的一其这各这])([两三四五六七八九十])(?=[家所座名项](?!化|目标|任务|工作|建设|举措|措施|改革|制度|原则|行动|工程|指标|纪律|清单|机制|要求|职能|服务|创新|政策|重点|合一|责任))"
)
_COUNT_VERB = re.compile(r"入选|获批|获评|落户|投用|开工|新增|建成|成功|获得|荣获|上榜|列入|通过")


def _chinese(text: str, vocabulary: Vocabulary) -> Iterator[Quantity]:
    """Numbers written in Chinese that state a fact: ranks, 翻一番, 超八成, 三千余家, 突破千亿元, 两项…入选."""
    for match in _CN_RANK.finditer(text):
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
    for match in _CN_TIMES.finditer(text):
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
    for match in _CN_TENTHS.finditer(text):
        group = 2 if match.group(2) else 3
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
    for match in _CN_HALF.finditer(text):
        comparator = AFTER.get(match.group(3) or "", BEFORE.get(match.group(1), "="))
        yield Quantity(*match.span(2), match.group(2), Decimal(50), None, "%",
                       comparator, match.start(), match.end(), "amount")  # fmt: skip
    for match in _CN_MORE.finditer(text):
        unit = vocabulary.unit_at(text, match.end())
        if unit and chinese(match.group(1)) >= 10 and not _inside_quotes(text, match.start()):
            yield Quantity(match.start(1), match.end(1), match.group(1), chinese(match.group(1)), None, unit, ">",
                           match.start(), match.end() + len(unit), "amount")  # fmt: skip
    for match in _CN_LARGE.finditer(text):
        unit, end, _ = _unit(text, match.end(2), vocabulary)
        if (
            not unit
            or unit in SCALES
            or re.match(r"级|的|以上|(?:产业|企业|园区|集群|县|项目|城市)", text[end : end + 2])
            or _inside_quotes(text, match.start())
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
