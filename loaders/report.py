"""What a report is: its title, kind, region, date, and which periods it reviews and plans."""

import re
from collections import Counter
from collections.abc import Iterator

from loaders.commonwords import parse
from loaders.keywords import finders
from loaders.layout import Block, Passage, Table
from loaders.model import Document, ReportInfo, ReportKind, Source
from loaders.vocabulary import Region, Vocabulary

_KINDS: tuple[tuple[str, ReportKind], ...] = (
    (r"统计公报", "bulletin"),
    (r"规划纲要|五年规划|规划的通知", "outline"),
    (r"计划执行情况|计划草案|计划的报告|计划（草案）|发展计划", "plan-report"),
    (r"政府工作报告|工作报告", "work-report"),
)
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_TITLE = re.compile(
    r"[^。]{0,60}(?:报告|通报|统计公报|规划纲要|计划草案|发展计划|审查意见|进展情况|完成情况|(?<!、)经济(?:社会)?(?:发展|运行)+(?:情况|态势|形势|分析|简析|综述|概况|简况)+)(?:（摘要）|（草案）|（摘登）|（(?:19|20)\d\d年(?:度|\d{1,2}月份?)?）)?"
)
#: 向大会提交了《关于高邮市2020年…计划执行情况与2021年计划草案的报告》: an account of it without a title of its own
_SUBMITTED = re.compile(r"(?:提交|书面报告|作|宣读)[^。《]{0,12}《([^》]*(?:19|20)\d\d年[^》]*报告)》")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}?(?:特别行政区|自治[区州县旗]|地区|新区|[省市县区州盟旗])")
_HEAD = 1500  #: code points of a text that its letterhead and opening take


def describe(
    document: Document, blocks: tuple[Block, ...], source: Source, vocabulary: Vocabulary
) -> ReportInfo:
    """Reads the head of the text; what ``source`` states beforehand wins."""
    passages = [b.text for b in blocks if isinstance(b, Passage)]
    head = _head(passages)
    title = source.title or _title(head)
    kind = source.kind or _kind(title, head)
    date = _date(head)
    region = vocabulary.region_iris.get(f"https://w3id.org/plankg/region/{source.region_code}") or region_of(
        title, head, passages, vocabulary
    )
    given = source.year or (int(date[:4]) if date else None)
    year = given or _year_of_plan(passages, title)
    review, plan = _periods(kind, title, head, _planned(year, date, title, kind, passages))
    if kind == "other" and not source.year and (part := _part_accounted_for(title, head, date)):
        year, review, plan = int(part[:4]), part, ""
    if not given and year and plan == str(year) and _PLANS_NEXT_YEAR.search("\n".join(passages)):
        year -= 1
    return ReportInfo(
        title=title or document.name,
        kind=kind,
        region=region.name if region else "",
        region_iri=region.iri if region else "",
        year=year,
        review=review,
        plan=plan,
        date=date,
    )


#: 明年的奋斗目标主要是: what is planned is the year after the one the report is given in
_PLANS_NEXT_YEAR = re.compile(
    r"明年(?:全?[市省区县州])?[^。，；\n]{0,16}(?:目标|任务|工作|安排|打算|总体要求)"
)


def _head(passages: list[str]) -> list[str]:
    head, length = [], 0
    for text in passages:
        head.append(text[:_HEAD])
        length += len(text)
        if length > _HEAD:
            break
    return head


def _title(head: list[str]) -> str:
    """The first line that names a report and is not a sentence."""
    for text in head:
        if len(text) <= 80 and "。" not in text and (match := _TITLE.match(text)):
            return match.group().strip("—-： ")
    joined = "".join(t for t in head[:4] if len(t) < 40)
    match = _TITLE.match(joined) or _SUBMITTED.search(joined or "".join(head[:3]))
    return match[match.lastindex or 0] if match else ""


def _kind(title: str, head: list[str]) -> ReportKind:
    for text in (title, "".join(head)[:800]):
        for pattern, kind in _KINDS:
            if re.search(pattern, text):
                return kind
    return "other"


def _date(head: list[str]) -> str:
    """The day of the session, or of publication where there is none; ISO, or an empty string."""
    found = []
    for text in head:
        for match in _DATE.finditer(text[:200]):
            session = (
                bool(re.search(r"会议|大会|在", text[match.end() : match.end() + 30])) and len(text) < 80
            )
            found.append((not session, "-".join(f"{int(p):02}" for p in match.groups())))
    return min(found, key=lambda f: f[0])[1] if found else ""


def _planned(year: int | None, date: str, title: str, kind: ReportKind, passages: list[str]) -> int | None:
    """The year whose work a report plans: the one it is given in, or the next where a session in the last months of
    a year looks ahead: 2019年…政府工作报告（2018年12月26日在…大会上）."""
    if year is None or kind not in ("work-report", "plan-report") or date[5:7] not in ("10", "11", "12"):
        return year
    named = [int(y) for y in re.findall(r"((?:19|20)\d\d)年", title)]
    headings = "\n".join(text[:40] for text in passages if len(text) < 60)
    ahead = re.search(rf"{year + 1}年[^\n]{{0,16}}(?:安排|目标|任务|工作|建议|打算)", headings)
    if (
        date[5:7] == "12"
        and kind == "work-report"
        and not re.search(
            rf"{year}年[^\n]{{0,16}}(?:安排|目标|任务|打算)|{year - 1}年[^\n]{{0,10}}回顾|上半年", headings
        )
    ):
        return year + 1  # a session in December looks back on the year that ends
    past = re.search(
        rf"(?:预计)?{year}年(?:预计)?(?:，?全[市省区县州])?(?:实现|完成|地区生产总值|生产总值)",
        "".join(passages),
    )
    return year + 1 if year + 1 in named or ahead or past else year


#: 2019年工作回顾; 2019年，在市委的坚强领导下，…圆满完成: the year looked back on
_REVIEWED = re.compile(
    r"回顾了?(?P<back>(?:19|20)\d\d)年|"
    r"((?:19|20)\d\d)年(?:工作)?(?:回顾|经济社会(?:发展)?(?:回顾|呈现|取得))"
    r"|(?:^|\n)((?:19|20)\d\d)年，(?:在|面对|我们)[^。\n]{0,160}(?:圆满|较好|顺利)(?:地)?完成"
)


def _year_of_plan(passages: list[str], title: str) -> int | None:
    """Without a date: the year of the announced targets, of the title, or the latest year often named."""
    text = "\n".join(passages)
    announced = re.search(
        r"((?:19|20)\d\d)年\s*(?:全?[市省区县州]|经济社会发展|国民经济|政府工作|工作)[^。\n]{0,20}(?:预期目标|主要目标|工作安排|总体要求|总体思路)",
        text,
    )
    reviewed = _REVIEWED.search(text)
    titled = re.search(r"((?:19|20)\d\d)年", title)
    if reviewed and not announced and not titled:
        return int(next(filter(None, reviewed.groups()))) + 1
    joined = re.search(r"((?:19|20)\d\d)年\n?(?:经济社会发展|国民经济)", text)
    for match in (titled, announced, joined):
        if match:
            return int(match[1])
    years = Counter(int(y) for y in re.findall(r"((?:19|20)\d\d)年", text))
    return max((y for y, n in years.items() if n >= 2), default=None)


def _periods(kind: ReportKind, title: str, head: list[str], year: int | None) -> tuple[str, str]:
    """(reviewed, planned): the years the title names, else last year and this."""
    years = [int(y) for y in re.findall(r"((?:19|20)\d\d)年", title)]
    if kind == "bulletin":
        reviewed = (
            years[0]
            if years
            else next(
                (
                    int(y)
                    for t in head
                    for y in re.findall(r"((?:19|20)\d\d)年", t)
                    if not year or int(y) <= year
                ),
                None,
            )
        )
        return str(reviewed or ""), ""
    if kind == "other" and years and not _AHEAD.search(title):  # 2021年重点工程进展情况
        return _reviewed_of(title, years[0]), ""
    if kind == "outline" and year:
        plan = re.search(r"第(十[一二三四五])个五年", title + "".join(head))
        base = 2001 + 5 * "一二三四五".index(plan[1][1]) + 5 if plan else year
        return f"{base - 5}/{base - 1}", f"{base}/{base + 4}"
    if len(years) >= 2 and years[1] == years[0] + 1:
        return str(years[0]), str(years[1])
    if years and (part := _reviewed_of(title, years[0])) != str(years[0]):
        return part, str(years[0])  # 2021年上半年…计划执行情况: the year's own review
    return (str(year - 1), str(year)) if year else ("", "")


_AHEAD = re.compile(r"计划|安排|目标|打算|要点|任务|方案|意见|实事")
_PARTS = {"上半年": "-H1", "前三季度": "-Q1/{}-Q3", "一季度": "-Q1"}
_PART_OF_YEAR = re.compile("|".join(_PARTS))
_MONTHS = re.compile(r"年(?:1月?[-—~～至到]+)?(\d{1,2})月")


def _reviewed_of(title: str, year: int) -> str:
    """The year a title names, or the part of it: 2025年一季度 -> 2025-Q1, 2025年1-4月 -> 2025-01/2025-04."""
    if (months := _MONTHS.search(title)) and int(
        months[1]
    ) > 1:  # （2020年3月）: such figures run from January
        return f"{year}-01/{year}-{int(months[1]):02}"
    part = _PART_OF_YEAR.search(title)
    return str(year) + (_PARTS[part.group()].format(year) if part else "")


#: 2021年上半年全市经济稳中向好; 上半年全市地区生产总值644亿元 in an account of July 2020
_ACCOUNTED = re.compile(r"(?:(?P<year>(?:19|20)\d\d)年)?(?P<part>上半年|前三季度|一季度)")
_LAST_MONTH = {"上半年": 6, "前三季度": 9, "一季度": 3}


def _part_accounted_for(title: str, head: list[str], date: str) -> str:
    """The part of a year that an account without a telling title opens with, as ``2020-H1``; else an empty string.

    Without a year it is that of the day of publication, or the one before where the part was not over by then.
    """
    opening = _ACCOUNTED.search("\n".join(text[:200] for text in head[:4]))
    if re.search(r"(?:19|20)\d\d年", title) or not opening or _AHEAD.search(title):
        return ""
    if opening["year"]:
        return _reviewed_of(opening.group(), int(opening["year"]))
    if not date:
        return ""
    year = int(date[:4]) - (int(date[5:7]) <= _LAST_MONTH[opening["part"]])
    return _reviewed_of(f"{year}年{opening['part']}", year)


def region_of(title: str, head: list[str], passages: list[str], vocabulary: Vocabulary) -> Region | None:
    """The reporting region: the unit named most, where title and letterhead weigh most.

    A short or ambiguous name counts for a unit only when its province or prefecture is named too; of two units on
    one line of descent named side by side (常州市钟楼区) the lower one reports.
    """
    votes: Counter[str] = Counter()
    for text, weight in [(title, 40), *((t, 16) for t in head[:5] if len(t) < 80), ("".join(head), 2)]:
        for region, places in _named(text, vocabulary):
            votes[region.iri] += weight * places
    body = "".join(passages)
    for name in _governing(body[:60_000]):
        for region in _resolve_suffix(name, vocabulary):
            votes[region.iri] += 10
    for region, places in _named(body[:40_000], vocabulary):
        votes[region.iri] += min(places, 30) * 0.3  # type: ignore[assignment]
    if max(votes.values(), default=0) < _WEAK and (
        whole := _of_parts(title + "".join(head), body, vocabulary)
    ):
        return whole
    return _settle(votes, body, vocabulary) if votes else _called(body, vocabulary)


_CALLED_OFTEN = 3


def _called(body: str, vocabulary: Vocabulary) -> Region | None:
    """The unit a text without any full name calls by its short one (在崇阳, 崇阳人民): often, twice as often as any other,
    and by a name that is no word."""
    counts = Counter(
        {
            short: body.count(short)
            for short, regions in vocabulary.regions.items()
            if len(short) > 1
            and len(regions) == 1
            and regions[0].short == short
            and regions[0].level in ("prefecture", "county")
            and short in body
            and parse(short).strange >= 1
        }
    )
    (name, n), (_, next_most) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return vocabulary.regions[name][0] if n >= _CALLED_OFTEN and n >= 2 * next_most else None


#: votes below which no letterhead, title or government speaks for a unit
_WEAK = 5


def _of_parts(head: str, body: str, vocabulary: Vocabulary) -> Region | None:
    """The unit whose parts a text without letterhead names: 乐都、民和、互助…, and whose short name its head holds."""

    def named(region: Region) -> int:
        parts = (part.short for part in vocabulary.children.get(region.iri, ()) if part.level != "zone")
        return sum(len(short) > 1 and short in body for short in parts)

    units = [
        r
        for r in vocabulary.region_iris.values()
        if r.level in ("province", "prefecture") and r.short in head
    ]
    best = max(units, key=named, default=None)
    return best if best is not None and named(best) >= 2 else None


_PARTY = re.compile(r"中共([\u4e00-\u9fff]{2,10}?)(?:[市县区州省]委|委员会)")
_GOVERNMENT = re.compile(r"人民政府|第[一二三四五六七八九十]+届人民代表大会")
_LAST_NAME = re.compile(r"[\u4e00-\u9fff]{2,10}?(?=[市县区省]?$)")


def _governing(body: str) -> Iterator[str]:
    """Words that end in the name of who governs: 中共|张家港|市委, 安吉|县人民政府."""
    yield from (match[1] for match in _PARTY.finditer(body))
    for match in _GOVERNMENT.finditer(body):
        if name := _LAST_NAME.search(body[max(0, match.start() - 11) : match.start()]):
            yield name.group()


#: 市委、市政府|和县|委: no county
_COMMITTEE = re.compile(r"和[县市区州]委")


def _stands_alone(text: str, at: int, vocabulary: Vocabulary) -> bool:
    """Is a name of two characters one here: 安徽省|和县, 在|佳县, 阳泉市|城区, but not 示|范县, 名|单县, 在|城区?"""
    if text[at + 1] == "区":
        hosts = (vocabulary.region_iris.get(r.parent) for r in vocabulary.regions[text[at : at + 2]])
        return any(host is not None and text.endswith((host.name, host.short), 0, at) for host in hosts)
    return (
        at == 0
        or not "\u4e00" <= text[at - 1] <= "\u9fff"
        or text[at - 1] in "省市州区盟年在共是于对和与及我"
    )


def _named(text: str, vocabulary: Vocabulary) -> list[tuple[Region, int]]:
    """Administrative units whose full name stands in the text, with how often."""
    counts: Counter[str] = Counter()
    for end, name in finders(vocabulary).regions_of(text).items():
        if not _COMMITTEE.match(text, end - 2):
            counts[name] += len(name) > 2 or _stands_alone(text, end - 2, vocabulary)
    return [
        (region, n)
        for name, n in counts.items()
        for region in vocabulary.regions[name]
        if n
        and region.level in ("province", "prefecture", "county")
        and (region.name == name or len(name) > 3 or _only_called(name, vocabulary))
    ]


def _only_called(name: str, vocabulary: Vocabulary) -> bool:
    """Is a name of three characters what only an autonomous unit is called? 酉阳县, but not 东乡县, which there was."""
    regions = vocabulary.regions[name]
    return len(regions) == 1 and regions[0].name != name and "自治" in regions[0].name


def _resolve_suffix(name: str, vocabulary: Vocabulary) -> tuple[Region, ...]:
    """Units whose full or short name ends ``name``."""
    for start in range(len(name) - 1):
        found = vocabulary.regions.get(name[start:], ())
        administrative = tuple(r for r in found if r.level in ("province", "prefecture", "county"))
        if administrative:
            return administrative
    return ()


def _settle(votes: Counter[str], body: str, vocabulary: Vocabulary) -> Region:
    """The unit with most votes; namesakes are told apart by whether an ancestor of theirs is named."""

    def supported(region: Region) -> int:
        return sum(
            body.count(vocabulary.region_iris[iri].short)
            for iri in region.within
            if iri in vocabulary.region_iris
        )

    def rank(iri: str) -> tuple[float, int]:
        region = vocabulary.region_iris[iri]
        namesakes = [r for r in vocabulary.regions.get(region.name, ()) if r.level == region.level]
        penalty = 0.2 if len(namesakes) > 1 and not supported(region) else 1.0
        return votes[iri] * penalty, supported(region)

    best = max(votes, key=rank)
    region = vocabulary.region_iris[best]
    for iri in votes:  # 常州市钟楼区: a descendant named directly after its ancestor in the head
        lower = vocabulary.region_iris[iri]
        if best in lower.within and region.name + lower.name in body[:_HEAD]:
            return lower
    return region


def is_table(block: Block) -> bool:
    return isinstance(block, Table)
