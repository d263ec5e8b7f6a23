"""What a number measures: the noun phrase around it, cut down to the words that identify it.

`lead` is the text between the last boundary and the number (its comparator excluded), `tail` the text from the
number's unit to the next boundary. Examples for every function stand in ``tests/test_naming.py``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from loaders.grammar import (
    CHANGE_VERB,
    FALLING_VERBS,
    FILLER_VERB,
    FLOW_START,
    GENERIC_NOUN,
    PREDICATE,
    RELATIONAL,
    TRANSITIVE_END,
    VERB_START,
    drop_filler,
    strip_adverbs,
    strip_lead_in,
)

#: 比全国高0.5个百分点, 高于全国平均水平0.7个百分点, 快于全省
COMPARISON = re.compile(
    r"(?P<all>(?:比|较)(?:全国|全省|全市|上级|国家|省|去年同期|周边)[^，。；比较]{0,10}?(?:高出?|低|快|慢|多|少)|(?:高于|低于|快于|优于|好于|慢于|领先|超过|超|高出|大于)(?:于)?(?:全国|全省|全市|国家|省|中部|西部|东部|地区生产总值|同期|同类|规上|规模|GDP|经济)[^，。；]{0,12})$"
)
#: 居全国第, 首次位列全省, 保持, 排名中部第: what introduces a rank
_RANK_ADVERBS = r"(?:均|分别|首次|继续|连续[^，。；]{1,4}?(?:年|个?季度|个月)|再次|历史性|稳定|总体|也|都|并|且|双双|强势|从|由|率先|一举)*"
_RANK_SCOPE = r"(?:全国|全省|全市|全区|全州|世界|全球|国内|省内|国际|中部|西部|东部|东北|中西部|苏南|苏北|长三角|珠三角|同类|副省级|地级|计划单列|万亿)"
_RANK_REST = r"(?:（[^）]*）|[^，。；、（）]){0,14}"
RANK_LEAD = re.compile(
    rf"^(?P<body>.*?)(?:{_RANK_ADVERBS}(?:稳居|位居|位列|并列|跃居|跃升至?|升至|升到|上升至|提升至|名列|居于|居|列|获评|保持在?|进入|挺进|跻身|晋升|晋级|攀升至?|达到?|为|进至|前移至|排名(?!升|跃|提|上)|排在|排)(?!.*(?:居|列|升|排名)){_RANK_REST}"
    rf"|{_RANK_ADVERBS}{_RANK_SCOPE}(?!.*{_RANK_SCOPE}){_RANK_REST}|{_RANK_ADVERBS})$"
)
_CLASS = re.compile(r"^(?:省级|国家级|市级|部级|区级|县级|省|国家|全国|国家部委|苏州市|市|国)(?:以上)?")
HEAD = re.compile(
    r"(?:上市公司|企业|公司|项目|中心|平台|机构|基地|园区|工厂|车间|乡村|示范区|人才|学校|医院|社区|村|县|镇|案例|品牌|产品|实验室|集群|街区|景区|单位|站|点|家庭|泊位|小区|城市|港|基金|产业园|研究院|联合体|学会|市场主体|载体|团队|计划|示范县|断面|机场|线路|公园|河湖|水体|标准|场馆|孵化器|众创空间|开发区)$"
)
_BARE_ACTION = re.compile(
    r"^(?:(?:基本|全面|新|已|正式|集中)?(?:使用|建成|开工|竣工|投产|投用|完工|完成|交付|启动|新开工|开工建设|签约|落地|落户|建设|改造|新增|净增|入库|投运|运营|分配入住|实施|处置|筹集|通过|获批|续建))+$"
)
_STOCK = re.compile(r"^(?:共计|共有?|累计|总计|总数|总量|达|现有|拥有|累计达|历年累计)*$")


@dataclass(frozen=True, slots=True)
class Lead:
    """What stands before a number, taken apart."""

    body: str  #: the words that may name the indicator, without adverbs and verbs of change
    verb: str = ""  #: 增长, 下降, ... directly before the number
    to: bool = False  #: 提高到, 降至: the number is the level reached
    comparison: str = ""  #: 高于全国
    reached: bool = False  #: 达, 达到: the number is what is there now
    stock: bool = False  #: 累计达, 共有: the number counts all there is, not what was added

    @property
    def falls(self) -> bool:
        return self.verb in FALLING_VERBS


_REACHES = re.compile(
    r"(?:增|升|降|减|提高|提升|上升|下降|增加|减少|降低|扩大|缩短|缩小|收窄|压减|压缩|压降|精简|回落|发展|优化|推|整合|扩容|拓展|跌|涨|调)(?:至|到|为)(?:了)?$"
)
_COUNTS_ALL = re.compile(r"(?:累计|共有?|总计)(?:达到?|为|有)?$")
_HAS_ALL = re.compile(r"共有|累计达|现有")
_IS_THERE = re.compile(r"(?:达到?|增至|总数为?)$")
_ADDED = re.compile(r"(?:新增|净增|多增加)$")


@lru_cache(maxsize=2048)
def read_lead(text: str) -> Lead:
    """Takes the words before a number apart.

    >>> read_lead("规上工业总产值预计同比增长")
    Lead(body='规上工业总产值', verb='增长', to=False, comparison='', reached=False, stock=False)
    """
    bare = text.rstrip(" ：:，")
    to = bool(_REACHES.search(bare))
    comparison = COMPARISON.search(bare)
    if comparison:
        return Lead(strip_lead_in(strip_adverbs(bare[: comparison.start()])), comparison=comparison["all"])
    stripped = strip_adverbs(bare)
    stock = bool(_COUNTS_ALL.search(bare)) or bool(_HAS_ALL.match(bare))
    reached = bool(_IS_THERE.search(bare))
    change = CHANGE_VERB.search(stripped)
    if change and not _ADDED.search(stripped):
        body = strip_adverbs(stripped[: change.start()])
        return Lead(strip_lead_in(body), change["verb"], to or bool(change["to"]), stock=stock)
    return Lead(strip_lead_in(stripped), to=to, stock=stock, reached=reached)


#: 引进盛虹储能、锐华科技等|项目: examples before what is counted
_EXAMPLES = re.compile(
    r"(?P<rest>[^、“]{0,30}[、“].*|[^、]{4,20})等(?!级|次|教育|学|于|值|候|待|奖|额)(?P<noun>[^、，等]{3,})$"
)
_PLACE_OF_ACTION = re.compile(r"(?:优先|重点)?在[^，。；]{2,24}?(?=新建|建设|新增|建成|开展|实施|打造)")
#: what of a name is kept: 地区生产总值|跨过两个万亿元大关, 3个项目|列入省重大项目
_KEPT = (
    re.compile(
        r"(?P<np>.{2,}?)(?:连续)?(?:连?跨过?|跨越|迈上|跃上|突破|站上|迈过|越过|连破|跨上)[^，、]*(?:大关|台阶)、?(?:达到?)?$"
    ),
    re.compile(r"(?P<np>.{3,}?(?:项目|企业|工程|事项))(?:列入|纳入|入选)[^，。；]*$"),
)
#: what names open with and are not: who gave the money, the year, a heading, for whom, where and by what means
_OPENINGS = (
    re.compile(r"^(?:国家|省|市|上级)?[\u4e00-\u9fff]{2,8}(?:厅|局|委)(?:共计?)?(?=下达|安排|下拨|批准)"),
    re.compile(r"\d{4}年度?(?=\S)"),
    re.compile(
        r"^[一二三四五六七八九十]{1,2}、[^，。；]{2,20}?(?:年末|全年)*(?:全[市省州县区]|(?<=[\u4e00-\u9fff])(?:年末|全年))"
    ),  # 六、交通运输和邮政通信|全州公路总里程: a heading whose line break was lost
    re.compile(r"^为[^，。；]{4,30}?(?=提供|发放|配备|开展)"),
)
_MEANS = (
    re.compile(
        r"^(?:在[^，。；]{2,24}?(?:上|中|内|方面|领域|基础上)(?!占)|通过[^，。；]{2,20}?[，]|对[^，。；]{2,16}?(?=发放|给予|实施))"
    ),
    re.compile(
        r"^[^，。；“”]{0,12}为(?:全[市省区县]|我市|我省)?\d[\d.,]*[万余多]*[家户名个][^，。；]{1,16}?(?=提供|发放|配备)"
    ),
)


@lru_cache(maxsize=2048)
def left_name(body: str, *, single: bool = True, counted: bool = False) -> str:
    """The name in the words before a number: filler verbs and openings dropped.

    >>> left_name("完成固定资产投资")
    '固定资产投资'
    """
    name = drop_filler(strip_lead_in(body))
    if counted and (examples := _EXAMPLES.match(name)):
        flow = FLOW_START.match(name)
        name = (flow.group() if flow else "") + examples["noun"]
    if place := _PLACE_OF_ACTION.match(name):
        name = name[place.end() :]
    if single and "、" in name and "“" not in name and "（" not in name:
        last = name.rsplit("、", 1)[1]
        if len(last) > 3 and FLOW_START.match(last):
            name = last
    if games := _GAMES.match(name):
        name = games["games"]
    for opening in _OPENINGS:
        name = opening.sub("", name)
    for kept in _KEPT:
        if shorter := kept.match(name):
            name = shorter["np"]
    for means in _MEANS:
        name = means.sub("", name)
    return tidy(name)


def right_name(lead: str, tail: str, *, runs_on: bool = False, plain: bool = False) -> str:
    """The name in the words after a number: ``新建|5个|样板县`` -> ``新建样板县``; empty when none stands there.

    ``runs_on``: the next number stands in the same clause; ``plain``: leave the predicate out.

    >>> right_name("", "企业入围中国企业500强")
    '入围中国企业500强企业'
    """
    if tail.startswith("的"):
        return _owned(lead, tail[1:])
    noun, predicate = _split_predicate(tail)
    if runs_on and "、" in predicate:  # 11处煤矿建成试运转、新增产能3095万吨
        predicate, runs_on = predicate.split("、", 1)[0], False
    if runs_on:  # the predicate introduces the next number: 38个省重大项目完成投资407亿元
        predicate = predicate if GENERIC_NOUN.match(noun) and len(predicate) >= 4 else ""
        noun = _RATE_END.sub("", noun) or noun
    if not noun:
        return ""
    verb = _kept_verb(lead)
    if verb in ("为", "对", "向"):
        return tidy(noun + re.sub(r"^(?:提供|发放|配备|开展|实施)", "", drop_filler(predicate)))
    if not verb and (games := _GAMES.match(lead)):
        return games["games"] + tidy(noun)
    ranked = re.match(r"位?居|位列|列(?!入|为|车)", predicate)
    words = "" if plain or ranked else _predicate_words(predicate)
    if verb and FLOW_START.fullmatch(verb):
        return tidy(verb + (words if 4 <= len(words) <= 20 else "") + noun)
    if words and (GENERIC_NOUN.match(noun) or len(words) <= (20 if _HONOUR.match(words) else 12)):
        return tidy(words + noun)
    return tidy(noun)


_HONOUR = re.compile(r"入选|入围|获评|获批|列入|纳入|上榜")
#: 42个国省考断面|水质优良率100%: the rate that the next number measures is no part of what is counted
_RATE_END = re.compile(
    r"(?:平均)?(?:水质[^，。]*|[\u4e00-\u9fff]{2}率|增加值|产值|营收|营业收入|用电量|产量|投资额?)(?:分别|均)?(?:为|达到?|同比)?(?:增长|下降)?$"
)


_GAMES = re.compile(
    r"^.{0,14}?在?(?P<games>第[^，。；]{2,24}?[会赛])(?:上|中)[^，。；]{0,14}$"
)  #: 在第十五届全运会中获


def _owned(lead: str, tail: str) -> str:
    """总投资|15亿元|的人才母基金 -> 人才母基金总投资."""
    noun, predicate = _split_predicate(re.sub(r"^\d[\d.,]*[万余多]*[个家项座条支只]", "", tail))
    relational = RELATIONAL.search(read_lead(lead).body)
    owner = tidy(noun)
    if not owner:
        return ""
    if predicate and GENERIC_NOUN.match(noun):
        owner = _predicate_words(predicate) + owner
    return owner + (relational.group() if relational else "")


def _split_predicate(tail: str) -> tuple[str, str]:
    """``企业入围中国企业500强`` -> (企业, 入围中国企业500强); brackets and quotes are not cut."""
    text = re.split(r"[，。；：]", tail, maxsplit=1)[0]
    match = PREDICATE.search(text, 1)
    while match and (_is_inside(text, match.start()) or _MODIFIES.match(text, match.end())):
        match = PREDICATE.search(text, match.end())
    if not match:
        return text, ""
    noun, predicate = text[: match.start()], text[match.start() :]
    if noun in ("重", "新", "在", "高"):
        return text, ""
    return noun, predicate


#: 新开工|项目, 试点|企业: a verb right before a head noun is a modifier, not the predicate
_MODIFIES = re.compile(
    r"(?:项目|企业|工程|学校|面积|平台|单位|基地|率|的|示范|试点|机构|园区|小区|任务|事项|产品|用地|商户|中心|场所|案例|人员|机制|体系|机场|服务|类|型|区|县|村|站)(?!实现|完成)"
)


def _is_inside(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("“") > before.count("”") or before.count("（") > before.count("）")


def _predicate_words(predicate: str) -> str:
    """The part of a predicate that identifies: adverbs and everything after the first object go."""
    words = re.sub(
        r"^(?:全部|均|已|顺利|如期|加快|有序|高效|正式|成功|相继|率先|提前|稳步|扎实|基本)+", "", predicate
    )
    words = (
        re.split(r"[、，。；]|\d", words, maxsplit=1)[0]
        if len(words) > 24
        else re.split(r"[，。；]", words, maxsplit=1)[0]
    )
    return drop_filler(re.sub(r"^(?:实现|完成|为|达到|达)+", "", words))


def _kept_verb(lead: str) -> str:
    """The verb right before a number that takes the noun after it as object, fillers dropped."""
    body = strip_lead_in(lead) if lead else ""
    match = TRANSITIVE_END.search(body)
    if not match:
        return ""
    verb = match.group()
    if verb in ("为", "对", "向"):
        return verb
    start = match.start()
    flow = next((m for m in FLOW_START.finditer(body) if m.end() == len(body)), None)
    if flow:
        start = flow.start()
    return FILLER_VERB.sub("", body[start:])


def takes_right(lead: str, tail: str, unit_counts: bool) -> bool:
    """Does the noun after the number, not the one before it, say what is counted?"""
    if not tail or not ("\u4e00" <= tail[0] <= "\u9fff" or tail[0] in "“《（A" or tail[0].isalnum()):
        return False
    if tail[0] in "（" and not re.match(r"（[^）]{1,8}）[\u4e00-\u9fff]", tail):
        return False
    if re.match(
        r"(?:和|与|及|以及|且|并|而|但|占|至|到|同比|比上|较|增长|下降|提高|其中|均|分别|列|居(?!家|民|住)|位居|位列|保持|创(?!新|业|意|客|建|投)|以上|左右|时|时间|用于|后|以来|全部|实现|起|上|内|不变)",
        tail,
    ) and not re.match(r"(?:与|和)[^，。]{1,8}(?:合作|共建)", tail):
        return False
    if tail.startswith("的"):
        return bool(re.match(r"的[^，。；]{2,}", tail)) and not re.match(
            r"的(?:目标|水平|增长|增速|速度|任务|规模|基础|标准|比例|高位|台阶|增幅|要求)", tail
        )
    body = strip_lead_in(lead)
    if not body or TRANSITIVE_END.search(body):
        return True
    return unit_counts and not RELATIONAL.search(body) and not re.search(r"[率比重度]$", body)


def split_items(text: str, n: int = 0) -> list[str]:
    """``食品、石化、医药等产业增加值`` -> one name for each; a shared tail or owner is given to every item.

    With ``n`` given, the reading of 和 and 及 (a connector, or part of 精制茶和酒制造业) that yields ``n`` items wins.

    >>> split_items("国家级、部级创新平台")
    ['国家级创新平台', '部级创新平台']
    """
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
    if (measured := _MEASURED_TAIL.search(final, 2)) and not any(map(_stands_alone, items[:-1])):
        return [item + measured.group() for item in items[:-1]] + [final]
    return _share_owner(_share_tail(items))


#: 高新技术产业、战略性新兴产业|产值占规上工业总产值比重, 一般贸易、民营企业|进出口占比: what each of a list is measured by
_MEASURED_TAIL = re.compile(
    r"(?:总?产值|增加值|进出口(?:总额)?|出口额?|进口额?|营业收入|销售收入|收入|投资额?|产量|贷款余额|存款余额|人口)?(?:占.+?(?:比重|比例|比率)|占比)$"
    r"|(?:总?产值|增加值|营业收入|销售额|零售额|营业额|利润总额|营收|产量)$|(?<=[业造改品])(?:投资额?|进出口额?|出口额?)$"
)


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


def _share_tail(items: list[str]) -> list[str]:
    """城镇、农村居民人均可支配收入: the words that follow the last modifier belong to every item."""
    last, first = items[-1], items[0]
    if len(last) <= len(first) + 1 or RELATIONAL.search(first):
        return items
    if re.search(r"[业品类费额率量数区市县]$", first) and not HEAD.search(first):
        return items
    if HEAD.search(first) and not (HEAD.search(last[: len(first)]) and RELATIONAL_END.search(last)):
        return items
    at = last.find(first[-1], 0, len(first) + 3)
    rate = re.search(r"(?:普及|覆盖|达标|处置|利用|合格|满意|就业|参保)率$", last)
    cut = at + 1 if at >= 0 else rate.start() if rate else len(first)
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


_BARE_ITEM = re.compile(rf"{RELATIONAL.pattern}|[\u4e00-\u9fff]{{1,2}}[数量额]|总[\u4e00-\u9fff]{{1,2}}")


def complete(
    name: str,
    lead: Lead,
    previous: str,
    *,
    enumerated: bool,
    same_unit: bool,
    known: bool = False,
    counted: bool = True,
) -> tuple[str, str]:
    """Restores what a short name leaves out from the one before; returns the name and the rule that did it.

    ``known``: the name is an indicator of the ontology, complete as it stands.
    ``enumerated``: the item follows the previous one after 、 or 和 in one enumeration.
    """
    if not previous:
        return name, "named"
    core = without_flow(previous)
    if _ANNUAL.fullmatch(name):
        return previous + name, "annual average of previous"
    if not name:
        if not lead.verb and (flow := _FLOW_END.search(core)) and lead.reached:
            return core[: flow.start()], "inherited stock"  # 经营主体净增48万户、达680万户
        return (core if lead.stock else previous), "inherited"
    if _STOCK.fullmatch(name):
        return core, "inherited stock"
    if _BARE_ACTION.fullmatch(name):
        if previous.startswith(name):
            return previous, "inherited"
        if name in ("新增", "净增"):  # 上市公司总量284家，五年新增124家
            return name + (RELATIONAL.sub("", core) or core), "action of previous"
        return _BARE_TAIL.sub(
            "", previous if not FLOW_START.match(previous) else core
        ) + name, "action of previous"
    if needs_owner(name):
        return join(owner_of(previous, name), name), "owner from previous"
    if enumerated and len(name) <= 4 and (partner := _PARTNER.match(previous)):
        return partner.group() + name, "partner from previous"
    if not known and _OWNED.fullmatch(name):
        return join(owner_of(previous, name), name), "owner from previous"
    if enumerated and not same_unit and not counted:
        return name, "named"
    if enumerated:
        return _enumerated(name, previous)
    if (
        same_unit
        and not lead.verb
        and len(name) <= 6
        and not HEAD.search(name)
        and not RELATIONAL.search(name)
        and not known
    ):
        head = HEAD.search(core) or RELATIONAL.search(core)
        return (name + head.group().removeprefix("总"), "head from previous") if head else (name, "named")
    return name, "named"


#: 总动力, 票房收入, 货币价值: short names of a quantity that belongs to what was named before
_OWNED = re.compile(
    r"(?:总|月|日|年|单|均|净)[\u4e00-\u9fff]{1,2}(?:量|额|率|数|值|力|价)|(?:票房|货币|利税|损失|落实|综合|合同|计划|协议|到位|首期|人均|户均|平均|注册|认缴|实缴|评估)"
    r"(?:收入|价值|总额|数|数量|金额|资金|投资|规模|外资|资本|面积)"
)
_FLOW_END = re.compile(r"(?:净增|新增)$")
_ANNUAL = re.compile(r"(?:年均|两年平均|年平均|平均每年)(?:增速|增幅|增长率?)?")
_PARTNER = re.compile(
    r"^对[^，。；]{2,}?(?:国家和地区|国家|地区|市场|成员国)"
)  #: 对“一带一路”沿线国家和地区|投资
_BARE_TAIL = re.compile(r"(?:基本)?(?:建成|开工建设|新开工|开工|竣工|改造开工|投产|投用|完工|建设|完成)$")


def join(owner: str, name: str) -> str:
    """``低空经济产业`` and ``产业规模`` -> ``低空经济产业规模``: what both say is said once."""
    overlap = next((n for n in range(min(len(owner), len(name)), 0, -1) if owner.endswith(name[:n])), 0)
    return owner + name[overlap:]


_OF_OTHERS = re.compile(r"(?:占(?!地(?!区))|在[^，。；]+占|加权平均|产业(?:规模|投资|产值)$)")


def needs_owner(name: str) -> bool:
    """总量, 占比, 占地区生产总值的比重, 在固定资产投资中占比: nothing alone."""
    return bool(RELATIONAL.fullmatch(name) or _OF_OTHERS.match(name))


def without_flow(name: str) -> str:
    """``新认定国家高新技术企业`` -> ``国家高新技术企业``."""
    flow = FLOW_START.match(name)
    return (name[flow.end() :] if flow else name) or name


def owner_of(previous: str, relational: str) -> str:
    """Whose 总量, 增速 or 完成率 it is: the previous name without its own relational noun where both name the same kind."""
    core = re.sub(r"(?:年均|累计|新增)$", "", without_flow(previous))
    if relational in ("增速", "增幅", "占比", "比重", "完成率", "质量", "排名") or relational.startswith(
        ("占", "在", "加权")
    ):
        return core
    return RELATIONAL.sub("", core) or core


def _enumerated(name: str, previous: str) -> tuple[str, str]:
    flow = FLOW_START.match(previous)
    if (FLOW_START.match(name) and len(without_flow(name)) > 1) or VERB_START.match(name):
        return name, "named"
    prefix = flow.group() if flow else ""
    rest = previous[len(prefix) :]
    head = HEAD.search(rest)
    if head and re.fullmatch(r"(?:省|市|国家|部|区|县|苏州市|国)级?(?:以上)?", name):
        kept = _CLASS.sub("", rest)
        return prefix + name + kept, "enumerated class"
    level = _CLASS.match(rest)
    if level and not _CLASS.match(name) and prefix and not FLOW_START.match(name):
        if len(rest) >= 12 and len(name) <= 6 and head and "“" not in rest:
            return prefix + rest[: -len(head.group()) - 2] + name, "enumerated modifier"
        return prefix + name, "enumerated"
    if not prefix:
        return name, "named"
    return prefix + name, "enumerated"


_EDGES = re.compile(r"^[的，、；：。\s—–-]+|[的，、；：。\s]+$")


def tidy(name: str) -> str:
    """Trims what never belongs to a name's edge: connectors, verbs of state, unbalanced quotes and brackets."""
    name = _EDGES.sub("", name)
    for opening, closing in ("“”", "（）", "《》"):
        if name.count(opening) != name.count(closing):
            name = name.replace(opening, "").replace(closing, "")
    return name
