"""The noun phrase that names a quantity, before the number or after it."""

import re
from functools import lru_cache

from loaders.grammar import (
    FILLER_VERB,
    FLOW_START,
    GENERIC_NOUN,
    PLAN_WORDS,
    PREDICATE,
    RELATIONAL,
    TRANSITIVE_END,
    drop_filler,
    strip_lead_in,
)
from loaders.naming.leads import read_lead

#: 引进盛虹储能、锐华科技等|项目: examples before what is counted
_EXAMPLES = re.compile(
    r"(?P<rest>[^、“]{0,30}[、“].*|[^、]{4,20})等(?!级|次|教育|学|于|值|候|待|奖|额)(?P<noun>[^、，等]{3,}|项目|企业)$"
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
    re.compile(r"(?:连续)?\d+个月(?=[单当]月$)"),
    re.compile(r"^(?:国家|省|市|上级)?[\u4e00-\u9fff]{2,8}(?:厅|局|委)(?:共计?)?(?=下达|安排|下拨|批准)"),
    re.compile(r"\d{4}年度?(?=\S)"),
    re.compile(r"^.+、(?:力争|确保|预计|争取)"),
    re.compile(r"^[十百千万亿]+元?(?:台阶|大关|关口)(?:、|$)"),  # 迈上4个|万亿元台阶、达|14.2万亿元
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


#: 固定资产投资|五年|累计完成300亿元, 地区生产总值|2018年|突破百亿元
_YEARS_AT_END = re.compile(r"(?<=..)(?:[两三四五六七八九十]年(?:来|间)?|(?:19|20)\d\d年[末底]?)$")


@lru_cache(maxsize=2048)
def left_name(body: str, *, single: bool = True, counted: bool = False) -> str:
    """The name in the words before a number: filler verbs and openings dropped.

    >>> left_name("完成固定资产投资")
    '固定资产投资'
    """
    name = drop_filler(strip_lead_in(body))
    if counted and (examples := _EXAMPLES.match(name)):
        flow = FLOW_START.match(name)
        if flow or len(examples["noun"]) > 2:
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
    return tidy(_YEARS_AT_END.sub("", name))


def right_name(lead: str, tail: str, *, runs_on: bool = False, plain: bool = False) -> str:
    """The name in the words after a number: ``新建|5个|样板县`` -> ``新建样板县``; empty when none stands there.

    ``runs_on``: the next number stands in the same clause; ``plain``: leave the predicate out.

    >>> right_name("", "企业入围中国企业500强")
    '入围中国企业500强企业'
    """
    if tail.startswith("的") or _SIZE.search(lead):
        return _owned(lead, tail.removeprefix("的"))
    tail = _without_description(tail)
    noun, predicate = _split_predicate(tail)
    if (amounts := _AMOUNTS.fullmatch(noun)) and predicate[:1] in ("超", "突", "过"):  # 8个产业规模超千亿元
        return tidy(_kept_verb(lead) + amounts["what"] + predicate + amounts["noun"])
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
    words = "" if plain or ranked or _BENEFITS.match(predicate) else _predicate_words(predicate)
    if verb and FLOW_START.fullmatch(verb):
        return tidy(verb + (words if 4 <= len(words) <= 20 else "") + noun)
    if words and (GENERIC_NOUN.match(noun) or len(words) <= (20 if _HONOUR.match(words) else 12)):
        return tidy(words + noun)
    return tidy(noun)


_BENEFITS = re.compile(
    r"让|[喝用住过吃]上|[搬住]进"
)  #: 24万农村居民|喝上放心水: what it does for them names nothing
_HONOUR = re.compile(r"入选|入围|获评|获批|列入|纳入|上榜")
#: 42个国省考断面|水质优良率100%: the rate that the next number measures is no part of what is counted
_RATE_END = re.compile(
    r"(?:平均)?(?:(?:规上|规模以上|限上|限额以上)[^，。]*|水质[^，。]*|开复工率|[\u4e00-\u9fff]{2}率|增加值|产值|营收|营业收入|用电量|产量|投资额?)(?:分别|均)?(?:为|达到?|同比)?(?:增长|下降)?$"
)


_GAMES = re.compile(
    r"^.{0,14}?在?(?P<games>第[^，。；]{2,24}?[会赛])(?:上|中)[^，。；]{0,14}$"
)  #: 在第十五届全运会中获


_AMOUNTS = re.compile(r"(?P<noun>.{2,6})(?P<what>规模|总?产值|营收|营业收入|年产值|年营收|体量)")
#: 40个|吸引力强、带动面广的|消费场景; 5件|大中型水库|和滇中引水二期骨干等重点工程
_DESCRIBED = re.compile(
    r"(?:[^，。；“”的\d]{2,12}、[^，。；“”的\d]{2,12}|(?:具有|具备|拥有|符合)[^，。；“”的]{4,24})的(?=[^，。；的]{2})"
)
_AND_EXAMPLES = re.compile(r"(?<=..)[和及与][^，。；、]{2,}等[^，。；、]*$")


def _without_description(tail: str) -> str:
    """The words after a number without what only describes the noun, or names other things beside it."""
    described = _DESCRIBED.match(tail)
    return _AND_EXAMPLES.sub("", tail[described.end() :] if described else tail)


_SIZE = re.compile(r"首期$")  #: 首期|100亿元|省级科技创新母基金投运


def _owned(lead: str, tail: str) -> str:
    """总投资|15亿元|的人才母基金 -> 人才母基金总投资."""
    noun, predicate = _split_predicate(re.sub(r"^\d[\d.,]*[万余多]*[个家项座条支只]", "", tail))
    relational = _SIZE.search(lead) or RELATIONAL.search(read_lead(lead).body)
    owner = tidy(noun)
    if not owner:
        return ""
    if predicate and (GENERIC_NOUN.match(noun) or not relational):  # 76.1%|的财政支出用于民生
        owner = _predicate_words(predicate) + owner
    return owner + (relational.group() if relational else "")


def _split_predicate(tail: str) -> tuple[str, str]:
    """``企业入围中国企业500强`` -> (企业, 入围中国企业500强); brackets and quotes are not cut."""
    text = re.split(r"[，。；：]", tail, maxsplit=1)[0]
    match = PREDICATE.search(text, 1)
    while match and (
        _is_inside(text, match.start())
        or _MODIFIES.match(text, match.end())
        or _SIZE_CLASS.match(text, match.start())
    ):
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


#: 产值|超亿元企业: a size that is part of the noun
_SIZE_CLASS = re.compile(
    r"超过?[十百千万亿\d.]+元?(?:级|以上)?的?[\u4e00-\u9fff]{0,4}(?:企业|项目|园区|产业|集群|乡镇|[县镇村])"
)


def _is_inside(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("“") > before.count("”") or before.count("（") > before.count("）")


_HOW = re.compile(r"^(?:全部|均|已|圆满|顺利|如期|加快|有序|高效|正式|成功|相继|率先|提前|稳步|扎实|基本)+")
_FIRST_OBJECT = re.compile(r"[、，。；]|\d")
_PHRASE_END = re.compile(r"[，。；]")
_CARRIES = re.compile(r"^(?:实现|完成|为|达到|达)+")


def _predicate_words(predicate: str) -> str:
    """The part of a predicate that identifies: adverbs and everything after the first object go."""
    words = _HOW.sub("", predicate)
    words = (_FIRST_OBJECT if len(words) > 24 else _PHRASE_END).split(words, maxsplit=1)[0]
    return drop_filler(_CARRIES.sub("", words))


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


_PLANNED = re.compile(rf"(?:{PLAN_WORDS})数?$")
#: what no noun begins with that a number counts
_GOES_ON = re.compile(
    r"(?:和|与|及|以及|且|并|而|但|占|至|到|同比|比上|较|增长|下降|提高|其中|均|分别|列|居(?!家|民|住)|位居|位列|保持|创(?!新|业|意|客|建|投)|以上|左右|时|时间|用于|后|以来|全部|实现|起|上(?!市|海|云|榜|线|规)|内|不变)"
)
_TOGETHER = re.compile(r"(?:与|和)[^，。]{1,8}(?:合作|共建)")


def takes_right(lead: str, tail: str, unit_counts: bool) -> bool:
    """Does the noun after the number, not the one before it, say what is counted?"""
    if not tail or not ("\u4e00" <= tail[0] <= "\u9fff" or tail[0] in "“《（A" or tail[0].isalnum()):
        return False
    if tail[0] == "的" and tail[1:2].isdigit() and _PLANNED.search(lead):
        return False  # 完成年计划710亿元|的89.4%
    if tail[0] in "（" and not re.match(r"（[^）]{1,8}）[\u4e00-\u9fff]", tail):
        return False
    if _GOES_ON.match(tail) and not _TOGETHER.match(tail):
        return False
    if tail.startswith("的"):
        return bool(re.match(r"的[^，。；]{2,}", tail)) and not re.match(
            r"的(?:目标|水平|增长|增速|速度|任务|规模|能力|基础|标准|比例|高位|台阶|增幅|要求)", tail
        )
    body = strip_lead_in(lead)
    if not body or _SIZE.search(body) or TRANSITIVE_END.search(body) or body.endswith("等"):
        return True
    return unit_counts and not RELATIONAL.search(body) and not re.search(r"[率比重度]$", body)


_EDGES = re.compile(r"^[的，、；：。\s—–-]+|[的，、；：。\s]+$")


def tidy(name: str) -> str:
    """Trims what never belongs to a name's edge: connectors, verbs of state, unbalanced quotes and brackets."""
    name = _EDGES.sub("", name)
    for opening, closing in ("“”", "（）", "《》"):
        if name.count(opening) != name.count(closing):
            name = name.replace(opening, "").replace(closing, "")
    return name
