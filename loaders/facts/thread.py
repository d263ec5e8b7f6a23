"""What carries over from one number to the next, and from one clause or sentence to the next."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from loaders.facts.clauses import Spot
from loaders.grammar import FLOW_START, RELATIONAL, VERB_START, strip_lead_in
from loaders.linking import Linker
from loaders.mentions.quantity import Quantity
from loaders.model import Comparator, Measure
from loaders.naming import HEAD, left_name, needs_owner, read_lead, without_flow


@dataclass(slots=True)
class Thread:
    """The running state of a sentence; ``topic`` and ``memory`` come from the sentences and heading before."""

    topic: str = ""  #: subject of a sentence without its own: 石化产业
    memory: dict[str, str] = field(
        default_factory=dict
    )  #: head noun -> the full noun phrase last seen with it
    names: list[str] = field(default_factory=list)  #: indicators of the last run of numbers
    unit: str = ""  #: of the last number
    place: str = ""  #: sub-area the sentence is about
    prefix: str = ""  #: words that open an enumeration: 新治理农村生活污水|45个村庄、1000户农户
    whole: str = ""  #: what 其中 breaks down: 农林牧渔业增加值
    whole_unit: str = ""
    amount: str = ""  #: the last unit that is no ratio
    surveyed: str = ""  #: 据凯里市城市物价抽样调查: the town whose prices the passage tells
    ranked: list[str] = field(
        default_factory=list
    )  #: 营收和利润分别居第5、第6位: those that wait for their rank
    giver: str = ""  #: “科贷通”为2540家企业提供贷款: who gives

    @property
    def previous(self) -> str:
        return self.names[-1] if self.names else ""


class Draft(NamedTuple):
    """A fact before section, period and place are settled. Offsets count in the passage."""

    quantity: Quantity
    indicator: str
    measure: Measure
    value: Decimal
    comparator: Comparator
    rule: str
    confidence: float
    clause_start: int
    place: str = ""
    base: bool = False  #: A in 从A增加到B: the value a span began with


_HEAD_NOUN = re.compile(r"(?:项目|企业|工程|小区|事项)$")
_INDEFINITE = re.compile(r"入选|获|签约|引进|招引|科技招商")
_DEFINITE = re.compile(
    r"(?:当年|其中|已|未|新)?(?:竣工|开工|已开工|开工建设|已完成|完成|未启动|未开工|微调|调出|实施|竣工投产|投产|开工建设中)?"
)


def remember(name: str, memory: dict[str, str]) -> None:
    """Keeps the fullest name seen last for its head noun: 项目 -> 基础设施建设项目."""
    head = _HEAD_NOUN.search(name)
    core = without_flow(name).removeprefix("全部")
    if head and len(core) > len(head.group()) + 2 and not _INDEFINITE.search(name):
        memory[head.group()] = core


def recall(name: str, memory: dict[str, str]) -> str:
    """A bare 项目, 竣工项目 or 竣工 means the projects spoken of before: 竣工基础设施建设项目."""
    head = _HEAD_NOUN.search(name)
    action = name[: head.start()] if head else name
    if not _DEFINITE.fullmatch(action) or (not head and action in ("", "新", "完成", "实施")):
        return name
    known = memory.get(head.group() if head else "项目", "")
    return ("" if action == "实施" else action) + known if known else name


#: 经营主体|持续壮大, 新材料产业|瞄准高端化, 吉化乙烯项目|投产: the words before such a predicate are the subject
_SUBJECT = re.compile(
    r"(?P<s>[^，。；：\d]{2,14}?)(?=量质齐升|持续|不断|更加|加速|稳步|显著|明显|超前|提速|瞄准|聚焦|突出|深度|抢占|"
    r"重点推动|投产|建成|竣工|上线|发布|做大|规模持续|稳中|高位|向好|走在|领跑|[再连]?创(?:历史|同期)?新高|屡创|企稳|回升|回稳|止跌|由负转正|由降转升|好转|同比持平|持平|大幅|快速增长|平稳增长|较快增长|稳定增长|(?:健康|蓬勃|快速|较快|加快|迅猛)发展|异军突起|实现翻(?:一?番|两番|倍)|(?:先后|接连|连续)?(?:跨越|迈上|跃上|站上)|(?:首次|历史性)?突破(?=[^，。；\d]{0,8}(?:大关|台阶|关口)))"
)
#: 服务业|支撑作用 更加明显, 国资国企|改革 不断深化, 质量效益 稳步提高: what is said of a subject owns nothing
_ASPECT = re.compile(
    r"(?:支撑|带动|引领|牵引|拉动|驱动|作用|贡献|改革|发展|建设|质效|质量|效益|结构|水平|能力|动能|活力|"
    r"实力|韧性|环境|基础|根基|底盘|功能|优势|步伐|格局|治理|地位)+$"
)
_QUOTED_END = re.compile(r"“[^”]{2,12}”[\u4e00-\u9fff]{0,6}$")
_QUOTED = re.compile(r"“[^”]{2,12}”")
#: 实施省属国企战略性布局: the owner of what is counted next
_ACTED_ON = re.compile(
    r"(?:实施|推进|深化|加强|加快|推动)(?P<owner>[\u4e00-\u9fff]{1,5}?(?:国企|企业|园区|产业|行业|基金|农业|工业|渔业))"
)
_OPENING_VERBS = re.compile(rf"(?:{VERB_START.pattern}|{FLOW_START.pattern})+")


def subject_of(sentence: str) -> str:
    """The subject a sentence opens with, when its predicate shows it; else an empty string."""
    match = _SUBJECT.match(sentence.lstrip("—-● "))
    if not match or FLOW_START.match(match["s"]) or VERB_START.match(match["s"]):
        return ""
    return _TIME_AT_END.sub("", match["s"])


def entity(subject: str) -> str:
    """Whom or what a subject speaks of: ``服务业支撑作用`` -> ``服务业``; empty where it names a quality only."""
    return _ASPECT.sub("", subject)


def owner_before(at: Spot) -> str:
    """Whose quantity it is, said in the clause before: 吉化乙烯项目投产，总产能达…"""
    words = at.earlier
    if quoted := _QUOTED_END.search(words):
        return quoted.group()
    if acted_on := _ACTED_ON.match(words):
        return acted_on["owner"]
    match = _SUBJECT.match(words)
    if match and not VERB_START.match(words):
        return entity(re.sub(r"(?:项目|工程)$", "", match["s"]))
    quoted = _QUOTED.search(words)
    return quoted.group() if quoted else ""


_TIME_AT_END = re.compile(r"(?:[上下]半年|第?[一二三四]季度|前三季度|全年)$")  #: 地区生产总值|上半年|由负转正
_IN_BRACKETS = re.compile(r"（[^（）]*）")


def subject_before(at: Spot, linker: Linker) -> str:
    """经济总量跨过两个万亿元大关、超过6万亿元; 固定资产投资稳步回升，增长5%: the subject of the clause before."""
    words = strip_lead_in(_IN_BRACKETS.sub("", at.earlier))
    if not words or re.search(r"\d", words):
        return ""
    if at.clause.mark == "、":
        return left_name(read_lead(words).body)
    match = _SUBJECT.match(words)
    subject = _TIME_AT_END.sub("", match["s"]) if match else ""
    return subject if linker.vocabulary.indicator(subject) or RELATIONAL.search(subject) else ""


def object_before(at: Spot) -> str:
    """培育壮大“四上”企业，力争新增300家: what the clause before acts on."""
    words = _OPENING_VERBS.sub("", at.earlier, count=1) if _OPENING_VERBS.match(at.earlier) else at.earlier
    if 2 <= len(words) <= 16 and HEAD.search(words):
        return words
    return _ACTION_OF_PROGRAMME.sub("", programme_before(at))


#: 实施新一轮农村公路提升行动，新（改）建|6000公里: built are the roads, not the programme
_ACTION_OF_PROGRAMME = re.compile(r"^新一轮|(?:改造|提升|建设|整治|改造提升|提质|畅通)$")


_PROGRAMME = re.compile(
    r"(?:深入|压茬|持续|扎实|大力|全面|继续|加快)*(?:实施|推进|开展|深化)(?P<name>[^，。；\d]{2,18}?)(?:行动|工程|计划|专项行动)(?:计划|建设)?"
)


def programme_before(at: Spot) -> str:
    """实施文化基因激活工程，累计培育100个标志性项目: the programme the clause before carries out, without 工程 or 行动."""
    match = _PROGRAMME.fullmatch(at.earlier) or _PROGRAMME.fullmatch(at.earlier.removesuffix("”"))
    if not match:
        return ""
    name = match["name"]
    return name if name.count("“") == name.count("”") else name + "工程”"


_POLICY = re.compile(
    r"(?:扩围|落实|实施|开展|举办|发放|推出|用好|抓好|打造|推进|组织|支持|深入|大力|持续|继续|全面)+"
)
_POLICY_END = re.compile(r"(?:行动|活动|工作|工程)$")


def cause_before(at: Spot) -> str:
    """实施消费品以旧换新行动，直接带动消费超330亿元: what brought the effect about, said in the clause before."""
    words = _POLICY.sub("", at.earlier, count=1) if _POLICY.match(at.earlier) else ""
    return _POLICY_END.sub("", words) if 3 <= len(words) <= 16 and not re.search(r"[、\d]", words) else ""


#: a clause without a subject of its own
_GOES_ON = re.compile(
    rf"(?:其中|\d(?![\d.]*[A-Za-z])|同比|增长|下降|提高|比上年|累计|总量|总数|占|居|列|位)|{FLOW_START.pattern}|{VERB_START.pattern}"
)
_DIGIT = re.compile(r"\d")
_WHOLE_REGION = re.compile(r"(?:其中，?)?(?:全[市省区县州]|我[市省区县])")


def _is_of_before(clause: str) -> bool:
    """口岸进出口货物34.56万吨，货值|20.67亿美元: a quantity of what was named before."""
    return needs_owner(left_name(read_lead(_DIGIT.split(clause, maxsplit=1)[0]).body))


def follow_place(clause: str, thread: Thread, linker: Linker) -> None:
    """A clause that opens with a part of the region moves what follows there; 全市, or a new subject, moves it back."""
    if _WHOLE_REGION.match(clause):
        thread.place = ""
    elif place := linker.place_at(clause):
        thread.place = place
    elif thread.place and not _GOES_ON.match(clause) and not _is_of_before(clause):
        thread.place = ""
