"""Which indicator a number measures: the name in the words around it, or restored from what came before."""

import re
from collections.abc import Sequence

from loaders.facts.against import COMPARED, SHARE, TIMES, compared, compared_with_each, of_plan
from loaders.facts.clauses import SCALES, Spot, alike
from loaders.facts.thread import (
    Draft,
    Thread,
    cause_before,
    entity,
    object_before,
    owner_before,
    programme_before,
    subject_before,
)
from loaders.grammar import (
    EACH_YEAR,
    FLOW_START,
    RELATIONAL,
    TRANSITIVE_END,
    VERB_START,
    strip_adverbs,
    strip_lead_in,
)
from loaders.linking import Linker
from loaders.mentions.quantity import Quantity
from loaders.naming import (
    HEAD,
    WHOLE_NOUNS,
    Lead,
    complete,
    join,
    left_name,
    needs_owner,
    owner_of,
    read_lead,
    right_name,
    split_items,
    takes_right,
    tidy,
    without_flow,
)

COUNTERS = frozenset(
    "家 户 个 项 名 人 件 套 条 张 座 所 处 支 笔 份 种 批 颗 枚 辆 架 列 艘 台 部 篇 场 对 村 间 栋 幢 块 宗 起 例 位 门 片 组 只 "
    "棵 株 盏 根 人次 次 场次 口 款 幅 册 道 班 趟 列次 户次 家次".split()
)
RATIO_UNITS = frozenset({"%", "‰", "个百分点", "倍", "番"})
_GIVER = re.compile(r"(?P<who>[^，。；]{2,14})为(?:全[市省区县州])?(?:近|超)?")
_GIVES = re.compile(r"(?:提供|发放|减免|兑现|授信|投放|配备)[^，。；]*$")
_INDUSTRY = re.compile(r"(?:产业|经济)$")
_LIST_SUBJECTS = re.compile(r"(?P<subjects>.+?)(?:分别|各)(?:实现|完成|达到|新增|为)?(?P<object>[^，。；]*)")
_COUNTED_BEFORE = re.compile(
    r"\d[个家](?P<noun>[^，。；、\d]{2,6})、\d+[个家]$"
)  #: 30个国考、80个|省考断面水质优良比例分别为
_NO_SUBJECT = re.compile(r"[了的在为对向将把由等及和与]$|[，：]")
#: 30个国考、80个省考断面; 2家千亿级、24家百亿级工业企业
_HEAD_AHEAD = re.compile(
    r"[、和及与]\d[\d.,]*[\u4e00-\u9fff]{1,2}?(?P<noun>[\u4e00-\u9fff]{1,4}[级考])"
    r"(?P<head>[\u4e00-\u9fff]{0,6}?(?:企业|园区|断面|项目|平台|产业|集群|机构|工厂|中心|城市|县|镇|村|区))"
)


def counts_things(q: Quantity) -> bool:
    return q.unit.split("（")[0].strip(SCALES) in COUNTERS  # 条（个）


def name_of(at: Spot, lead: Lead, thread: Thread, done: Sequence[Draft], linker: Linker) -> tuple[str, str]:
    """The indicator of a single number and the rule that found it."""
    q = at.first
    if (out_of := _OUT_OF.search(at.lead)) and (name := right_name("", at.tail, runs_on=at.runs_on)):
        return name if HEAD.search(name) or out_of["noun"] in name else name + out_of["noun"], "out of"
    if not lead.verb and not lead.comparison and takes_right(at.lead, at.tail, counts_things(q)):
        name, rule = _noun_after(at, lead, thread)
        if name:
            return name, rule
    if (named := _NAMED_IN_BRACKETS.search(strip_adverbs(at.lead))) and linker.vocabulary.indicator(
        named["name"]
    ):
        return named["name"], "name in brackets"
    part = part_of_whole(left_name(lead.body, counted=counts_things(q)), at, thread, linker)
    if part:
        return part, "part of whole"
    if (
        (opening := _AMONG.match(at.lead) or _AMONG.fullmatch(at.earlier))
        and thread.previous
        and alike(q.unit, thread.unit)
        and counts_things(q)
    ):
        return _among(left_name(lead.body, counted=True), opening.group(), thread)
    if at.clause.mark in ("（", "(") and not lead.body and thread.previous:
        return _part_of_share(thread.previous, q), "in brackets"
    if lead.times and thread.previous:
        return thread.previous.removesuffix("年均"), TIMES
    if planned := of_plan(at, thread, done):
        return planned
    name = left_name(lead.body, counted=counts_things(q))
    if name in _OF_WHOLE_REGION and (wider := _WIDER.match(at.earlier)):
        return wider["area"] + name, "owner from clause before"
    if lead.comparison:
        base = compared(name, at, thread, done)
        return base and base + lead.comparison, COMPARED
    if name in _SPENT and q.unit.endswith("元") and (spent := _SPENT_FOR.match(at.tail)):
        return spent["what"] + name, "what it is spent on"  # 投资1.2亿元|新建县医院门诊楼
    if thread.giver and (given := _GIVES.search(name)):
        return thread.giver + given.group(), "given"
    return _restored(name, at, lead, thread, done, linker)


_PARTS_OF_STRUCTURE = {
    short: f"第{number}产业" for number in "一二三" for short in (f"{number}产", f"第{number}产业")
}


def _structure_of(name: str, q: Quantity, done: Sequence[Draft]) -> str:
    """三次产业结构为11.7:43.0:45.3，一产|下降0.39个百分点: the part of the structure stated before; else empty."""
    part = f"（{_PARTS_OF_STRUCTURE[name]}）"
    parts = (d.indicator for d in reversed(done) if d.rule == "proportion" and d.indicator.endswith(part))
    return next(parts, "") if q.unit in ("个百分点", "百分点") else ""


#: 城镇人口740万人，占常住人口比重74%；乡村人口260万人，占|26%: of the same whole
_SHARES = re.compile(r"占[^，。；\d（）占]{2,16}的?(?:比重|比例)")
#: 占全市常住人口的比重|（常住人口城镇化率）|为40.97%
_NAMED_IN_BRACKETS = re.compile(r"比重（(?P<name>[\u4e00-\u9fff]{4,12}率)）$")
_SPENT = ("投资", "投入", "总投资", "投入资金", "安排资金")
_SPENT_FOR = re.compile(
    r"(?:用于|新建|建设|建成|实施|完成|改造|推进|支持|开展|改扩建|修建|整治|扩建)了?(?P<what>[^，。；、\d]{3,24})(?=[，。；、]|$)"
)
#: 发放补贴121.9亿元、带动销售905亿元; 落实育儿补贴政策，惠及154万户家庭: an effect is named with its cause
_EFFECT = re.compile(r"(?:直接)?(?:带动|拉动|惠及|撬动)")
#: 推进“百千工程”，累计创建42个|示范村: a noun too plain to stand without the programme it belongs to
_PLAIN_NOUN = re.compile(
    r"(?P<flow>(?:累计|新)?(?:创建|培育|建成|打造|建设|认定|实施|新增|遴选|推出)?)"
    r"(?P<noun>(?:领军|特色|标志性|示范|试点|骨干|龙头|典型|标杆|精品|重点)(?:企业|项目|村|片区|基地|案例|场景|乡村|园区|单位|平台|品牌|工厂|街区|县|镇|点|工程))"
)
#: 贸易伙伴|覆盖|155个|国家或地区: whom something reaches is named with what reaches them
_REACH = re.compile(
    r"(?P<who>[^，。；]{2,16}?)(?P<verb>惠及|覆盖|通达|辐射|直达|联通|通航)(?:全球|全国|境内外|海外|全省|世界)?"
)
#: 成渝地区双城经济圈建设走深走实，经济总量超9万亿元: not the reporting region's
_OF_WHOLE_REGION = ("经济总量", "地区生产总值", "生产总值", "经济规模")
_WIDER = re.compile(r"(?P<area>[^，。；]{2,12}?(?:经济圈|都市圈|城市群|经济带|合作区|示范区))")
#: 27个行业大类中|18个|行业保持正增长, 100个项目中|36个|开工建设: out of which
_OUT_OF = re.compile(r"\d[个类种项][^，。；、\d]{0,6}?(?P<noun>[\u4e00-\u9fff]{2})中，?(?:有)?$")
_AMONG = re.compile(r"(?:其中|[按分][^，。；]{1,8}来?看)[，：:]?")
_WITHIN = re.compile(
    r"(?:在(?P<whole>[^，。；]{2,14})|(?P<prices>[^，。；]{2,14}价格))中"
)  #: 在居民消费价格中，食品烟酒价格下降0.4%，衣着上涨0.4%
#: 从产品产量看，铝材|增长164.5%
_OF_PRODUCTS = re.compile(r"从(?:主要)?(?:工业)?产品(?P<what>产量|销量)(?:来)?看")
_LEVEL = re.compile(r"(?:国家|省|市|部|区|县)级(?:以上)?")
#: 地方财政收入651亿元，其中，市本级|242.3亿元；县区级408.8亿元: whose part of the public money
_TREASURY = re.compile(r"(?:省|市|州|盟|县|区|旗|县区|县市区|区县|乡镇|镇)(?:本级|级)")
_PUBLIC_MONEY = re.compile(r"(?:财政|预算)[\u4e00-\u9fff]{0,8}(?:收入|支出)$")
#: what a breakdown (其中，农业46.7亿元；林业1.8亿元) shares with the whole it belongs to
_SHARED_QUANTITY = re.compile(
    r"(?:增加值|总?产值|播种面积|种植面积|总?产量|零售额|销售额|支出|床位数?|保有量|里程|价格|参保人数|用电量|周转量|货运量|客运量|吞吐量|总户数|销售面积|(?:固定资产)?投资)$"
)


def _among(name: str, opening: str, thread: Thread) -> tuple[str, str]:
    """引进留用银龄人才3600名，其中银龄教师1550名: a part was brought about as the whole was."""
    flow = FLOW_START.match(thread.previous)
    core = without_flow(thread.previous)
    head = HEAD.search(core)
    if _LEVEL.fullmatch(name):  # 规划建设特色小镇22个，其中省级11个
        name += _LEVEL.sub("", core, count=1) if _LEVEL.match(core) else core
    elif head and len(name) <= 6 and not HEAD.search(name) and name[-1] not in WHOLE_NOUNS:
        name += head.group()
    return (flow.group() if flow and not FLOW_START.match(name) else "") + name, "among"


def part_of_whole(name: str, at: Spot, thread: Thread, linker: Linker) -> str:
    """农林牧渔业增加值78.1亿元，其中农业46.7亿元；林业1.8亿元: a bare part is measured as its whole is; else empty."""
    if within := _WITHIN.fullmatch(at.earlier):
        thread.whole, thread.whole_unit = within["whole"] or within["prices"], "%"
    elif products := _OF_PRODUCTS.fullmatch(at.earlier):
        thread.whole, thread.whole_unit = products["what"], at.first.unit
    elif _AMONG.match(at.lead) or _AMONG.fullmatch(at.earlier):
        thread.whole, thread.whole_unit = _ANNUALLY_AT_END.sub("", thread.previous), thread.amount
    unit = at.first.unit
    if _TREASURY.fullmatch(name) and _PUBLIC_MONEY.search(thread.whole) and alike(unit, thread.whole_unit):
        return name + thread.whole
    shared = _SHARED_QUANTITY.search(thread.whole)
    if not name or not shared or not (alike(unit, thread.whole_unit) or unit == "%"):
        return ""
    if (
        FLOW_START.match(name)
        or RELATIONAL.search(name)
        or _SHARED_QUANTITY.search(name)
        or EACH_YEAR.match(name)
    ):
        return ""
    if _SECTOR.fullmatch(name):
        return name + shared.group().removeprefix("固定资产")
    concept = linker.vocabulary.indicator(name)
    if concept and concept == linker.vocabulary.indicator(name + shared.group().removeprefix("总")):
        return name + shared.group().removeprefix("总")  # 县道 is a name of 县道里程
    known = concept and shared.group() != "参保人数"
    if len(name) > 12 or known or re.search(r"[额量值率数积度]$|增[速幅]$", name):
        return ""
    if shared.group() == "参保人数":
        return name + thread.whole
    return name + shared.group().removeprefix("总").removeprefix("固定资产")


_SECTOR = re.compile(r"第[一二三]产业")


def _restored(
    name: str, at: Spot, lead: Lead, thread: Thread, done: Sequence[Draft], linker: Linker
) -> tuple[str, str]:
    """Completes a name that is short, bare or missing from the clause, the sentence or the topic before."""
    q = at.first
    if not name and thread.previous and q.unit == "%" and at.tail.startswith("用于"):
        return thread.previous + at.tail, "part of previous"  # 一般公共预算支出3.4万亿元，74%以上|用于民生
    if not name and (not thread.previous or at.clause.mark in "，,"):
        name = subject_before(at, linker) or ("" if done or thread.previous else thread.topic)
    if name in _PARTS_OF_STRUCTURE and (structure := _structure_of(name, q, done)):
        return structure, "owner from structure"
    if name.startswith("产业") and needs_owner(name):
        return (join(thread.topic, name) if _INDUSTRY.search(thread.topic) else name), "owner from topic"
    if _EFFECT.match(name):
        return (without_flow(thread.previous) or cause_before(at)) + name, "effect"
    if not thread.previous and name:
        if FLOW_START.fullmatch(name) and (thing := object_before(at)):
            return name + thing, "object of clause before"
        if needs_owner(name) and (owner := owner_before(at) or entity(thread.topic)):
            return join(owner_of(owner, name), name), "owner from topic"
    if (
        at.clause.mark == "，" and needs_owner(name) and (subject := subject_before(at, linker))
    ):  # 价格指数同比持平，涨幅收窄3.7个百分点
        return join(owner_of(subject, name), name), "owner from clause before"
    restored, rule = complete(
        name,
        lead,
        thread.previous,
        enumerated=at.enumerated,
        same_unit=bool(q.unit) and q.unit not in RATIO_UNITS and alike(q.unit, thread.unit),
        known=linker.vocabulary.indicator(name) is not None,
        counted=counts_things(q),
    )
    if restored.endswith("占") and (shares := _SHARES.findall(at.text, max(0, q.left - 80), q.left)):
        restored = restored.removesuffix("占") + shares[-1]
    if rule == "inherited" and lead.verb and q.unit in ("%", "倍") and (share := SHARE.match(restored)):
        restored = share["part"].removesuffix("的")  # 完成11.3亿元，占年计划的41.8%，同比增长9.3%
    if rule == "inherited" and not lead.verb:
        if q.unit not in RATIO_UNITS:
            restored = _part_of_share(restored, q)
        if not lead.stock and done and not at.enumerated and at.clause.mark != "（":
            rule = "inherited without verb"
    return restored, rule


def _noun_after(at: Spot, lead: Lead, thread: Thread) -> tuple[str, str]:
    """The name in the words after a number, with the flow verb or subject before it; empty when there is none."""
    if not at.enumerated:
        thread.prefix = ""
    body = _noun_before(at.lead)
    if "、" in body and "为" not in at.lead and not FLOW_START.match(body):
        body = ""  # 绍兴黄酒、西湖龙井茶|3个|历史经典产业: examples; 整合为产业、科创|2支|基金: kinds
    if shared := _honour_ahead(at):
        return shared, "noun after number"
    name = right_name(at.lead, at.tail, runs_on=at.runs_on, plain=bool(body))
    if not name:
        return "", ""
    if giver := _GIVER.fullmatch(strip_lead_in(at.lead)):
        thread.giver = giver["who"]
        gives = _GIVES.search(at.tail)
        noun = at.tail[: gives.start()] if gives else at.tail
        return thread.giver + (gives.group() if gives else "") + noun, "given"
    if ("、" in body or at.lead.endswith("等")) and (flow := FLOW_START.match(left_name(at.lead))):
        body = flow.group()  # 引进盛虹储能、锐华科技|2个|项目: examples are no part of the name
    if _EFFECT.match(name) and (cause := without_flow(thread.previous) or cause_before(at)):
        return cause + name, "effect"
    if (programme := programme_before(at)) and not thread.previous and (plain := _PLAIN_NOUN.fullmatch(name)):
        thread.prefix = plain["flow"] + programme
        return thread.prefix + plain["noun"], "programme"
    if reach := _REACH.fullmatch(strip_adverbs(at.lead)):
        who = left_name(reach["who"])
        if who and not FLOW_START.match(who) and not VERB_START.match(who):
            return who + reach["verb"] + right_name("", at.tail, runs_on=at.runs_on), "reach"
    if 2 <= len(body) <= 12 and not at.tail.startswith("的"):
        thread.prefix = body
        name = tidy(body + name)
    if shared := _with_head_ahead(name, at):
        name = shared
    if at.enumerated and thread.prefix and not lead.body and not at.runs_on:
        return thread.prefix + name, "enumerated"
    flow = FLOW_START.match(thread.previous) if at.enumerated and not FLOW_START.match(name) else None
    return (flow.group() if flow else "") + name, "noun after number"


#: 15所高职院校|21个|专业群入选国家“双高计划”名单: what the second is said to have won holds for both
_WON = re.compile(
    r"[、和]?\d+[个所家名项](?P<noun>[^，。；、\d]{2,8}?)(?:在[^，。；]{2,16}(?:领域|方面))?(?P<won>(?:入选|入围|获评|列入|上榜|进入(?:全[国球省]|世界|国际))[^，。；]{2,24})"
)
_WON_BEFORE = re.compile(r"\d+[个所家名项][^，。；、\d]{2,8}[、和]?$")


def _honour_ahead(at: Spot) -> str:
    """The name of a counted noun whose predicate stands behind the next one; empty where none does."""
    end = at.first.right
    noun = re.match(r"[\u4e00-\u9fff]{2,8}", at.text[end : end + 8].split("、")[0])
    if noun and (won := _WON.match(at.text, end + noun.end())):
        return won["won"] + noun.group()
    own = _WON.match(at.text, at.first.start)
    if own and _WON_BEFORE.search(at.text, max(0, at.first.left - 16), at.first.left):
        return own["won"] + own["noun"]
    return ""


def _noun_before(lead_text: str) -> str:
    """A noun right before a counted noun stays with it (产业、科创|2支|基金); verbs are the flow's business."""
    lead = read_lead(lead_text.rsplit("为", 1)[-1].removesuffix("首期"))
    if lead.verb or _NO_SUBJECT.search(lead.body) or TRANSITIVE_END.search(lead_text):
        return ""
    return left_name(lead.body)


def _with_head_ahead(name: str, at: Spot) -> str:
    """2家千亿级、24家百亿级工业企业: the head after the next number belongs to both."""
    if not name.endswith(("级", "考")):
        return ""
    end = at.first.right + len(at.tail)
    match = _HEAD_AHEAD.match(at.text, end, end + 24)
    return name + match["head"] if match else ""


def _part_of_share(previous: str, q: Quantity) -> str:
    """4%以上（1055亿元左右）: an amount beside a share is that of its part."""
    share = SHARE.match(previous)
    return share["part"].removesuffix("的") if share and q.unit not in RATIO_UNITS else previous


_ANNUALLY_AT_END = re.compile(r"(?<=.)(?:年均|[两三四五]年平均)$")
_ANNUALLY = re.compile(r"(?:年均|[两三四五]年平均|年平均)(?:分别)?")


def names_of_list(at: Spot, lead: Lead, thread: Thread, done: Sequence[Draft]) -> tuple[list[str], str]:
    """One name for each number of a run, in order."""
    n = len(at.run)
    if industries := _whole_industries(at):
        return industries, "list"
    if lead.times:
        return _names_as_before(at, thread, done)[0], TIMES
    if lead.comparison:
        base = compared(left_name(lead.body), at, thread, done)
        return compared_with_each(base, lead.comparison, n) or [base and base + lead.comparison] * n, COMPARED
    if not left_name(lead.body):
        return _listed_before(at) or _names_as_before(at, thread, done)
    name = left_name(lead.body)
    if needs_owner(name) and "分别" in at.lead:
        owners, _ = _names_as_before(at, thread, done)
        if len(set(owners)) == n:
            return [join(owner_of(owner, name), name) for owner in owners], "list as before"
    if (driven := _DRIVEN.fullmatch(lead.body)) and len(thread.names) == n:
        return [_OF_INDUSTRY.sub("", name) + driven["what"] for name in thread.names], "list as before"
    if _ANNUALLY.fullmatch(lead.body):  # 年均分别增长13.3%和16.9%
        names, rule = _names_as_before(at, thread, done)
        return [name if "年均" in name else name + "年均" for name in names], rule
    among = _AMONG.match(at.lead) or _AMONG.fullmatch(at.earlier)
    if among and (shared := _SHARED_QUANTITY.search(thread.previous)):
        items = split_items(left_name(lead.body, single=False), n)
        if len(items) == n:
            return [i if RELATIONAL.search(i) else i + shared.group() for i in items], "parts of whole"
    listed = _LIST_SUBJECTS.fullmatch(at.lead)
    if listed:
        counted = _COUNTED_BEFORE.search(at.text[: at.first.left - len(at.lead)]) if n == 2 else None
        other = counted["noun"] + "、" if counted else ""
        subjects = split_items(other + left_name(strip_adverbs(listed["subjects"]), single=False), n)
        if len(subjects) == n:
            noun = read_lead(listed["object"]).body if listed["object"] else ""
            return [
                s + noun if noun and not s.endswith(noun) else s for s in _owned_items(subjects, thread)
            ], "list"
    items = split_items(left_name(lead.body, single=False), n)
    if len(items) == n:
        return _owned_items(items, thread), "list"
    if listed and len(subjects := split_items(left_name(at.earlier, single=False), n)) == n:
        return [s + lead.body if lead.body not in s else s for s in subjects], "list"
    if len(items) > 1:  # as many names as numbers, or nobody can say which is whose
        return [""] * n, "list undivided"
    return [left_name(lead.body)] * n, "list undivided"


def _owned_items(items: list[str], thread: Thread) -> list[str]:
    """地方国企资产总额增长116.2%，营业总收入、利润总额分别增长97.3%、27.7%: what belongs to the owner named before."""
    if not thread.previous or not all(needs_owner(item) for item in items):
        return items
    return [join(owner_of(thread.previous, item), item) for item in items]


#: 三次产业对经济增长的贡献率分别为26.3%、-22.1%和95.8%，|分别拉动经济|增长1.1、-0.9、3.8个百分点
_DRIVEN = re.compile(r"(?:分别)?(?P<what>[拉带]动.+)")
_OF_INDUSTRY = re.compile(r"(?<=第[一二三]产业)(?:对.+|贡献率)")


_ACTS = re.compile(f"{FLOW_START.pattern}|{VERB_START.pattern}")  #: 培育壮大新兴产业，…


def _whole_industries(at: Spot) -> list[str]:
    """信息传输、软件和信息技术服务业，金融业，交通运输业增加值分别增长: industries that a comma parts, for they have 、 in their
    names; else none."""
    begin = max(at.text.rfind(mark, 0, at.first.left) for mark in "。；：") + 1
    words = strip_lead_in(at.text[begin : at.first.left])
    listed = _LIST_SUBJECTS.fullmatch(words)
    items = listed["subjects"].split("，") if listed and not re.search(r"\d", words) else []
    shared = _SHARED_QUANTITY.search(items[-1]) if len(items) == len(at.run) else None
    if not shared or not all(item.endswith("业") and not _ACTS.match(item) for item in items[:-1]):
        return []
    return [item + shared.group() for item in items[:-1]] + [items[-1]]


def _listed_before(at: Spot) -> tuple[list[str], str] | None:
    """其中教育、科技、农林水事务支出，|分别增长28.5%、24.7%和26.8%: the names stand in the clause before."""
    words = strip_lead_in(at.earlier)
    if "分别" not in at.lead or at.clause.mark != "，" or "、" not in words or re.search(r"\d", words):
        return None
    items = split_items(left_name(words, single=False), len(at.run))
    return (items, "list") if len(items) == len(at.run) else None


def _names_as_before(at: Spot, thread: Thread, done: Sequence[Draft]) -> tuple[list[str], str]:
    """，同比分别增长7.1%、8.2%: the names of the list before, or of the last facts."""
    n = len(at.run)
    if len(thread.names) == n:
        return list(thread.names), "list as before"
    levels = list(dict.fromkeys(d.indicator for d in done if d.measure == "level"))
    if "分别" in at.lead and len(levels) >= n:
        return levels[-n:], "list as before"
    items = split_items(thread.previous, n)
    if len(items) == n:
        return items, "list as before"
    before = list(dict.fromkeys(d.indicator for d in done))
    if (
        "分别" in at.lead and len(before) >= n
    ):  # 增加值下降7.3%，总产值下降7.0%，降幅分别收窄13.1个和13.0个百分点
        return before[-n:], "list as before"
    return [thread.previous] * n, "list inherited"
