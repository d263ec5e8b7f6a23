"""Names that leave out what was said before: 增速, 省级, 年均, 开工."""

import re

from loaders.grammar import FLOW_START, HEAD, RELATIONAL, VERB_START
from loaders.naming.leads import Lead

_CLASS = re.compile(r"^(?:省级|国家级|市级|部级|区级|县级|省|国家|全国|国家部委|苏州市|市|国)(?:以上)?")
_BARE_ACTION = re.compile(
    r"^(?:(?:基本|全面|新|已|正式|集中)?(?:使用|建成|开工|竣工|投产|投用|完工|完成|交付|启动|新开工|新登记|开工建设|签约|落地|落户|建设|改造|新增|净增|入库|投运|运营|分配入住|实施|处置|筹集|通过|获批|续建|在建))+$"
)
_STOCK = re.compile(r"^(?:共计|共有?|累计|总计|总数|总量|达|现有|拥有|累计达|历年累计)*$")


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
    if _EACH.match(name) and (of := _EACH_OF.match(previous)):  # 小学生均占地面积29.83，|生均|图书43册
        return of["whose"] + name, "owner from previous"
    if not name:
        if not lead.verb and (flow := _FLOW_END.search(core)) and lead.reached:
            return core[: flow.start()], "inherited stock"  # 经营主体净增48万户、达680万户
        if not lead.verb:  # 工业投资年均增长8.1%，2025年突破2250亿元
            previous, core = previous.removesuffix("年均"), core.removesuffix("年均")
        return (core if lead.stock or (lead.reached and _ADDED.match(previous)) else previous), "inherited"
    if _STOCK.fullmatch(name):
        return core, "inherited stock"
    if _BARE_ACTION.fullmatch(name):
        if previous.startswith(name):
            return previous, "inherited"
        if name in ("新增", "净增", "新登记"):  # 上市公司总量284家，五年新增124家
            return name + (RELATIONAL.sub("", core) or core).removesuffix("年均"), "action of previous"
        return _BARE_TAIL.sub(
            "", previous if not FLOW_START.match(previous) else core
        ) + name, "action of previous"
    if name.startswith(of_it := previous + "中") and len(name) > len(of_it) + 1:
        return name[len(of_it) :], "part of previous"  # 中长期贷款增长39%，中长期贷款中|个人消费贷款414亿元
    if _INVESTED.fullmatch(name) and previous.removesuffix("年均").endswith("投资"):
        return previous.removesuffix("年均"), "inherited"
    if _CASUALTIES.fullmatch(name) and (accidents := _ACCIDENTS.match(previous)):
        return accidents["what"] + name, "owner from previous"
    if _GRANTED.fullmatch(name) and (patents := _PATENTS.match(previous)):
        return patents["whose"] + patents["what"] + name, "owner from previous"
    name = _TOTAL_OF_SHARE.sub("", name)
    if needs_owner(name):
        if needs_owner(previous):  # 总投资519.86亿元，当年计划投资63.27亿元: neither says whose
            return name, "named"
        return join(owner_of(previous, name), name), "owner from previous"
    if enumerated and len(name) <= 4 and (inner := _INNER_VERB.fullmatch(previous)):
        return inner["before"] + name, "enumerated"
    if enumerated and len(name) <= 4 and (partner := _PARTNER.match(previous)):
        return partner.group() + name, "partner from previous"
    if not known and _OWNED.fullmatch(name):
        return join(owner_of(previous, name), name), "owner from previous"
    if _RATE.fullmatch(name) and previous.endswith(name[:2]):  # 土地流转8万亩，流转率达32%
        return join(previous, name), "owner from previous"
    if enumerated and not same_unit and not counted:
        return name, "named"
    if enumerated:
        return _enumerated(name, previous)
    if (
        same_unit
        and not lead.verb
        and len(name) <= 6
        and not HEAD.search(name)
        and name[-1] not in WHOLE_NOUNS
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
#: a word that ends so names what is counted by itself: 小学, 中医院, 银龄教师; 省级 and 境内A股 do not
WHOLE_NOUNS = frozenset("师员人生学院所站园室校馆店厂场库")
_INVESTED = re.compile(r"(?:累计|共)?完成投资")  #: 固定资产投资年均增长23.5%，累计完成投资|1008亿元
#: 发生各类事故1113起，死亡|208人，受伤|1174人，直接经济损失|20万元
_CASUALTIES = re.compile(r"死亡|受伤|伤亡|重伤|(?:直接)?(?:经济|财产)损失")
_ACCIDENTS = re.compile(r"(?:共?发生)?(?P<what>.*?(?:事故|火灾|灾害))")
#: 发明专利申请75件，授权|15件; 企业申请专利121件，授权|82件
_GRANTED = re.compile(r"授权(?:[量数])?")
_PATENTS = re.compile(r"(?P<whose>.*?)(?:申请)?(?P<what>(?:发明|实用新型|外观设计)?专利)(?:申请)?[量数]?$")
_RATE = re.compile(r"[\u4e00-\u9fff]{2}率")
_EACH = re.compile(r"[生校床]均")
_EACH_OF = re.compile(r"(?P<whose>.{1,8}?)[生校床]均")
_ADDED = re.compile(r"(?:累计)?(?:新增|净增)")  #: 新增经济总量超200亿元县2个、达到29个
_FLOW_END = re.compile(r"(?:净增|新增)$")
_ANNUAL = re.compile(r"(?:单月|当月|年均|两年平均|年平均|平均每年)(?:增速|增幅|增长率?)?")
_PARTNER = re.compile(
    r"^对[^，。；]{2,}?(?:国家和地区|国家|地区|市场|成员国)"
)  #: 对“一带一路”沿线国家和地区|投资
_BARE_TAIL = re.compile(r"(?:基本)?(?:建成|开工建设|新开工|开工|竣工|改造开工|投产|投用|完工|建设|完成)$")


def join(owner: str, name: str) -> str:
    """``低空经济产业`` and ``产业规模`` -> ``低空经济产业规模``: what both say is said once."""
    overlap = next((n for n in range(min(len(owner), len(name)), 0, -1) if owner.endswith(name[:n])), 0)
    return owner + name[overlap:]


_TOTAL_OF_SHARE = re.compile(r"^(?:总量|总额)(?=占)")  #: 民营经济增加值1299亿元，总量|占GDP的56%
_OF_OTHERS = re.compile(
    r"(?:对[^，。；]{2,}贡献率$|占(?!地(?!区))|在[^，。；]+占|加权平均|产业(?:规模|投资|产值)$)"
)


def needs_owner(name: str) -> bool:
    """总量, 占比, 占地区生产总值的比重, 在固定资产投资中占比: nothing alone."""
    return bool(RELATIONAL.fullmatch(name) or _OF_OTHERS.match(name))


def without_flow(name: str) -> str:
    """``新认定国家高新技术企业`` -> ``国家高新技术企业``."""
    flow = FLOW_START.match(name)
    return (name[flow.end() :] if flow else name) or name


_IN_A_PLACE = re.compile(r"在(?![校园职岗读])")  #: 在北方地区占比, not 在校学生
_TOO_PLAIN = ("项目", "企业", "工程")
#: what any quantity has, so that the one before it keeps its own noun: 居民消费价格|涨幅
_OF_ANYTHING = frozenset("增速 增幅 涨幅 降幅 占比 比重 完成率 质量 排名".split())


def owner_of(previous: str, relational: str) -> str:
    """Whose 总量, 增速 or 完成率 it is: the previous name without its own relational noun where both name the same kind."""
    core = re.sub(r"(?:年均|累计|新增)$", "", without_flow(previous))
    if relational.startswith("对"):  # 民营经济|拉动GDP增长1.8个百分点，|对GDP增长的贡献率
        core = re.sub(r"(?<=.)[拉带]动.+$", "", core)
    if core in _TOO_PLAIN:  # 新建项目35个，年度计划投资25.05亿元
        core = previous
    located = _IN_A_PLACE.match(relational)
    if located:  # 占全国比重提升至7.4%，在北方地区占比由20.5%提升至21.1%
        core = re.sub(r"占[^占]+$", "", core) or core
    if relational in ("总规模", "规模") and core.endswith(("投资", "收入", "支出")):  # 外商直接投资|总规模
        return core
    if located or relational in _OF_ANYTHING or relational.startswith(("占", "加权")):
        return core
    owner = RELATIONAL.sub("", core) or core
    flow = FLOW_START.match(previous)
    return flow.group() + owner if flow and owner in _TOO_PLAIN else owner  # 引进项目合同资金，到位资金


#: 中老铁路累计|发送|旅客: a verb inside a name
_INNER_VERB = re.compile(
    r"(?P<before>.{2,}(?:发送|运送|运输|承运|接待|吞吐))(?P<object>[\u4e00-\u9fff]{2,4})"
)


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
