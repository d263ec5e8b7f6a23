"""A list of names, each completed by what the list shares: 城镇、农村居民人均可支配收入."""

import re

from loaders.grammar import HEAD, RELATIONAL


def split_items(text: str, n: int = 0) -> list[str]:
    """``食品、石化、医药等产业增加值`` -> one name for each; a shared tail or owner is given to every item.

    With ``n`` given, the reading of 和 and 及 (a connector, or part of 精制茶和酒制造业) that yields ``n`` items wins.

    >>> split_items("国家级、部级创新平台")
    ['国家级创新平台', '部级创新平台']
    """
    if annual := _ANNUAL.search(text):
        return [item + annual.group() for item in split_items(text[: annual.start()], n)]
    if n == 3 and (industries := _THREE_INDUSTRIES.match(text)):
        return [f"{industry}{text[industries.end() :]}" for industry in ("第一产业", "第二产业", "第三产业")]
    both = _BOTH.search(text) if n == 2 and "、" not in text else None
    if both:
        return [text.replace(both.group(), each, 1) for each in _BOTH_KINDS[both.group()]]
    masked = _mask(text)
    commas = [item for item in masked.split("、") if item]
    last = [*commas[:-1], *_LAST_AND.split(commas[-1], maxsplit=1)] if commas else []
    every = [item for item in re.split(rf"、|{_AND}", masked) if item]
    items = next((found for found in (commas, last, every) if n and len(found) == n), last)
    items = [_unmask(item) for item in items if item]
    if len(items) == 1 and (both := re.match(r"^(?P<a>.*?)城乡(?P<rest>.+)$", items[0])):
        town = "城镇" if both["rest"].startswith(("居民", "常住")) else "城市"
        return [f"{both['a']}{town}{both['rest']}", f"{both['a']}农村{both['rest']}"]
    if len(items) < 2:
        return items
    final = items[-1]
    if items[0].startswith("对") and (
        trade := re.match(r"^(?P<partner>.+?)(?P<what>进出口|出口|进口|投资|贸易额?)$", final)
    ):
        partners = [item.removeprefix("对") for item in [*items[:-1], trade["partner"]]]
        return [f"对{partner}{trade['what']}" for partner in partners]
    etc = re.match(r"^(?P<item>.+?)等(?:[一二两三四五六七八九十\d]+[大个项类])?(?P<tail>.{2,})$", final)
    if etc:
        return [item + etc["tail"] for item in items[:-1]] + [etc["item"] + etc["tail"]]
    counted = re.match(r"^(?P<item>.+?)[两二三四五六七八九十](?:大|个|类|项)(?P<tail>.{2,})$", final)
    if counted:
        return [item + counted["tail"] for item in items[:-1]] + [counted["item"] + counted["tail"]]
    if (shared := _TRADED.search(final, 1)) and all(map(_QUOTED.fullmatch, items[:-1])):
        return [item + shared.group() for item in items[:-1]] + [final]
    if (insured := _INSURED.match(final)) and (first := _INSURED_KIND.search(items[0])):
        owner = items[0][: first.start()]
        basic = "基本" if first["basic"] and insured["kind"] in ("养老", "医疗") else ""
        return [item + insured["what"] for item in items[:-1]] + [owner + basic + final]
    if final.endswith("余额") and all(map(_BALANCE.search, items[:-1])):
        return [f"{item}余额" for item in items[:-1]] + [final]
    if final.endswith("支出") and all(map(_SPENT_ON.fullmatch, items[:-1])):
        return [f"{item}支出" for item in items[:-1]] + [final]
    if (measured := _MEASURED_TAIL.search(final, 2)) and not any(map(_stands_alone, items[:-1])):
        return [item + measured.group() for item in items[:-1]] + [final]
    return _share_owner(_share_tail(_rates_before(items)))


_RATE_TAIL = re.compile(
    r"(?:覆盖|普及|入学|入园|升学|巩固|参保|达标|处理|利用|合格|满意|就业|治理|供给|保障|绿化|通达|硬化|办结)率$"
)


def _rates_before(items: list[str]) -> list[str]:
    """农村卫生户厕、生活垃圾处理设施覆盖率和生活污水治理率: an inner item's rate is that of the one before it too."""
    done = list(items)
    for i in range(len(done) - 3, -1, -1):
        rate = _RATE_TAIL.search(done[i + 1])
        if rate and not _stands_alone(done[i]):
            done[i] += rate.group()
    return done


_ANNUAL = re.compile(r"(?<=.)(?:年均|[两三四五]年平均|年平均)$")  #: 战略性新兴产业和高技术制造业增加值|年均
#: two kinds in one word
_BOTH_KINDS = {
    "存贷款": ("存款", "贷款"),
    "内外资": ("内资", "外资"),
    "客货运": ("客运", "货运"),
    "二三产业": ("第二产业", "第三产业"),
}
_BOTH = re.compile("|".join(_BOTH_KINDS))
_THREE_INDUSTRIES = re.compile(r"三次产业|第?一(?:产业)?、第?二(?:产业)?、第?三次?产业|一二三产业")
#: 高新技术产业、战略性新兴产业|产值占规上工业总产值比重, 一般贸易、民营企业|进出口占比: what each of a list is measured by
_MEASURED_TAIL = re.compile(
    r"(?:总?产值|增加值|进出口(?:总额)?|出口额?|进口额?|营业收入|销售收入|收入|投资额?|产量|贷款余额|存款余额|人口)?(?:(?:占|支持|用于|投向).+?(?:比重|比例|比率)|占比)$"
    r"|(?:总?产值|增加值|营业收入|销售额|零售额|营业额|利润总额|营收|产量|吞吐量|周转量|运输量|发送量)$|(?<=[业造改品])(?:投资额?|进出口额?|出口额?)$"
)


#: “新三样”、集成电路|出口
_TRADED = re.compile(r"(?:进出口|出口|进口|产量|产值|销量|销售额|投资|收入)(?:总?额)?$")
#: 教育、卫生、社会保障|支出: the purposes money is spent on
_SPENT_ON = re.compile(
    r"教育|科技|科学技术|文化.{0,6}|社会保障.{0,4}|社保|卫生.{0,4}|医疗.{0,4}|(?:节能)?环保|城乡社区.{0,4}|农林水.{0,3}|交通.{0,4}|住房.{0,4}|公共安全|就业"
)
#: 城镇职工基本养老、医疗|保险人数
_INSURED = re.compile(r"(?P<kind>养老|医疗|失业|工伤|生育)(?P<what>保险.*)")
_INSURED_KIND = re.compile(r"(?P<basic>基本)?(?:养老|医疗|失业|工伤|生育)$")
_BALANCE = re.compile(r"[存贷]款$")  #: 存款、贷款|余额
_QUOTED = re.compile(r"“[^”]+”")


def _stands_alone(item: str) -> bool:
    """Is an item of a list more than the modifier of the last one's quantity? 第一、第三产业增加值 is split elsewhere."""
    if re.search(r"[进出]口$|外资$|消费$|贸易$|税收$|用电$|^[A-Z]+$", item):
        return True
    return len(item) < (2 if item.endswith("业") else 3) or bool(
        RELATIONAL.search(item) or re.search(r"占|[率额量值数]$|[率额量值]（", item)
    )


_AND = r"(?<=.)(?:以及|(?<!共)和(?!谐|平|解|美|睦|田|县|政)|(?<!普)(?<!涉)及(?!率|时|其|格|以)|(?<!参)与(?!会))(?=.)"
_LAST_AND = re.compile(rf"{_AND}(?!.*{_AND})")


def _mask(text: str) -> str:
    """Hides separators inside quotes and brackets."""
    return re.sub(
        r"[“（《][^”）》]*[”）》]",
        lambda m: (
            m.group().replace("、", "\x01").replace("和", "\x02").replace("与", "\x03").replace("及", "\x04")
        ),
        text,
    )


def _unmask(text: str) -> str:
    return text.translate({1: "、", 2: "和", 3: "与", 4: "及"})


_RESIDENCE = frozenset("城镇 乡镇 农村 乡村 县城".split())  #: 城镇和农村|最低生活保障对象


def _share_tail(items: list[str]) -> list[str]:
    """城镇、农村居民人均可支配收入: the words that follow the last modifier belong to every item."""
    last, first = items[-1], items[0]
    if len(last) <= len(first) + 1 or RELATIONAL.search(first) or _RATE_TAIL.search(first):
        return items
    if re.search(r"[业品类费额率量数区市县]$", first) and not HEAD.search(first):
        return items
    if (
        first not in _RESIDENCE
        and HEAD.search(first)
        and not (HEAD.search(last[: len(first)]) and RELATIONAL_END.search(last))
    ):
        return items
    at = last.find(first[-1], 0, len(first) + 3)
    rate = re.search(r"(?:普及|覆盖|达标|处置|利用|合格|满意|就业|参保)率$", last)
    measured = _MEASURED_TAIL.search(last, 2)
    cut = at + 1 if at >= 0 else rate.start() if rate else len(first)
    if measured and measured.start() < cut:  # 交通运输、邮政业|增加值: never inside the words of the quantity
        cut = measured.start()
    tail = last[cut:]
    return [item + tail for item in items[:-1]] + [last] if len(tail) >= 2 else items


#: the last words of a measured quantity
RELATIONAL_END = re.compile(
    r"(?:量|额|率|数|值|用时|时间|材料|比重|面积|投资|收入|利润|规模|成本|浓度|价值|资金|动力|金额)$"
)


def _share_owner(items: list[str]) -> list[str]:
    """省属企业营业收入、利润: a bare relational noun takes the owner of the first."""
    owner = RELATIONAL.sub("", items[0])
    if owner == items[0]:
        owner = re.sub(r"[\u4e00-\u9fff]{2}[数量额率值]$", "", items[0])
    if not owner or owner == items[0]:
        return items
    return [items[0]] + [owner + item if _BARE_ITEM.fullmatch(item) else item for item in items[1:]]


_BARE_ITEM = re.compile(
    rf"{RELATIONAL.pattern}|从业人员|职工|[\u4e00-\u9fff]{{1,2}}[数量额]|总[\u4e00-\u9fff]{{1,2}}"
)
