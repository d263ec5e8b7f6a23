"""What kind of measure a number is: level, growth, change or rank; its sign; its comparator in a list."""

import re
from collections.abc import Sequence
from decimal import Decimal

from loaders.facts.against import COMPARED
from loaders.facts.clauses import ORIGIN, SCALES, Spot, without_origin
from loaders.facts.names import COUNTERS
from loaders.facts.thread import Draft, Thread, entity, owner_before, subject_before
from loaders.grammar import strip_adverbs
from loaders.linking import Linker
from loaders.mentions.quantity import Quantity
from loaders.model import Comparator, Measure
from loaders.naming import RANK_LEAD, Lead, join, left_name, needs_owner, owner_of, read_lead, split_items

#: 户籍人口增加3万人 is a change; 农村户厕改造提升4500户 counts what was done
_COUNTED_CHANGE = frozenset("增长 增加 减少 下降 增 减 上升 增产 减产 净增加 净减少 净增长".split())
_RATE_WORD = re.compile(r"增速|增幅|涨幅|增长率")
_RATE_END = re.compile(r"(?:的)?(?:总水平)?(?:增速|增幅|涨幅|增长率)$")
_CHANGE_OPENING = re.compile(r"(?P<fall>降低|压降|减少|下调|压减)|提高|提升|上调|增加")
_CUT = re.compile(
    r"(?:平均)?(?:压减|压缩|缩短|削减|减少|降低|精简)(?=[^率]{0,10}(?:时间|时限|时长|用时|环节|材料|成本|费用|跑动)$)"
)
_CUT_MONEY = re.compile(r"(?:继续|累计|共)?(?:压减|减少|核减|削减|压缩)(?=.*(?:支出|费用|费)$)")
_DRIVES = re.compile(r"拉动|带动")
_IS_RATIO = re.compile(r"(?<!生产)率$|[比重度]$|比例|指数")
_IS_AMOUNT = re.compile(r"^[^占与]+(?:投资|产值|增加值|零售总?额|进出口总额)$")
_INDUSTRIES = ("第一产业", "第二产业", "第三产业")


def measure_of(q: Quantity, lead: Lead, name: str) -> tuple[Measure, Decimal, str, float]:
    """(measure, signed value, name, confidence) of a number that is no rank."""
    sign = -1 if lead.falls else 1
    changes = bool(lead.verb) and not lead.to
    if q.form == "multiple":
        if not q.number[0].isdigit() or changes or lead.times:  # 翻一番, 倍增; 增长2倍
            return "growth", sign * q.value, name, 0.9
        return "level", q.value, name, 0.8
    if lead.comparison:
        return "level", q.value, name, 0.9
    if q.unit == "位" and lead.verb:  # 排名提升7位
        return "change", sign * q.value, name, 0.9
    if q.unit in ("个百分点", "百分点"):
        if lead.verb == "增长" and _DRIVES.search(name):  # 第一产业拉动GDP增长2.74个百分点
            return "level", q.value, name + lead.verb, 0.9
        if not lead.verb and (opening := _CHANGE_OPENING.match(name)):  # 降低缴费率1个百分点
            return "change", (-1 if opening["fall"] else 1) * q.value, name[opening.end() :], 0.85
        return "change", sign * q.value, name, 0.95
    if q.unit.endswith("元") and not lead.verb and (cut := _CUT_MONEY.match(name)):  # 压减一般性支出18.2亿元
        return "change", -q.value, name[cut.end() :], 0.8
    if q.unit == "%" and not lead.verb and (cut := _CUT.match(name)):  # 平均压减时间58%
        return "growth", -q.value, name[cut.end() :], 0.8
    if changes and q.unit in ("%", "‰", "成"):
        return "growth", sign * q.value, name, 0.98
    if q.unit in ("%", "‰") and name.endswith("自然增长率"):  # a rate of its own, not the growth of 人口自然
        return "level", q.value, name, 0.95
    if q.unit in ("%", "‰") and _RATE_WORD.search(name[-5:]):
        return "growth", q.value, name if name.endswith("总水平涨幅") else _RATE_END.sub("", name), 0.95
    if changes and q.unit.strip(SCALES) in COUNTERS and lead.verb not in _COUNTED_CHANGE:
        return "level", q.value, name + lead.verb, 0.8
    if changes:
        return "change", sign * q.value, name, 0.85 if lead.body else 0.7
    return "level", q.value, name, 0.95


def is_growth_of_amount(name: str, q: Quantity, linker: Linker) -> bool:
    """产值 8%: a per cent of what is measured in yuan or tonnes can only be its growth."""
    known = linker.vocabulary.indicator(name)
    if q.unit != "%" or _IS_RATIO.search(name):
        return False
    if known is None:
        return _IS_AMOUNT.search(name) is not None
    if known.stat_type != "level":
        return False
    return bool(known.unit) and not known.unit.rsplit("/", 1)[-1].startswith(("percent", "permille"))


def comparators_of(run: Sequence[Quantity]) -> list[Comparator]:
    """分别增长10%、35%以上: the last comparator covers the list; 超10%、20%: the first does."""
    first, last = run[0].comparator, run[-1].comparator
    shared: Comparator = "="
    if len(run) > 1:
        if last in (">=", "~", "<=") and run[-1].left == run[-1].start:
            shared = last
        elif first == ">":
            shared = first
    return [q.comparator if q.comparator != "=" else shared for q in run]


_RANKING = ("排名", "排位", "位次", "综合排名")  #: names no quantity
#: 在全省一类县考核中|排名第五: what was judged
_CONTEST = re.compile(r"[^，。；]{0,8}?在(?P<name>[^，。；]{2,20}(?:考核|评比|考评|测评|评价|评估))中")


def rank_of(at: Spot, thread: Thread, done: Sequence[Draft], linker: Linker, *, base: bool) -> Draft:
    """The fact of a rank: what is ranked stands before the words that introduce it, or is the fact before."""
    q = at.first
    lead = without_origin(at.lead) if base else at.lead
    match = RANK_LEAD.match(lead)
    name = left_name(strip_adverbs(match["body"] if match else lead))
    rule = "rank"
    if (len(name) < 2 or name.endswith("中")) and (contest := _CONTEST.match(lead)):
        name = contest["name"]
    elif len(name) < 2 and thread.ranked:
        name = thread.ranked.pop(0) if at.enumerated else ""  # three names, two ranks: whose is the next?
    elif len(name) < 2:
        name = _ranked_before(at, linker) or (
            done[-1].indicator if done and done[-1].rule != COMPARED else thread.previous
        )
        rule = "rank of previous"
    else:
        if "分别" in at.lead and at.following is not None and at.following.form == "rank":
            name, *thread.ranked = split_items(name) or [name]
        bare = split_items(name)[0]
        if needs_owner(bare) and (owner := thread.previous or owner_before(at) or entity(thread.topic)):
            name = join(owner_of(owner, bare), name)
    if not at.enumerated and len(at.run) == 1 and "分别" not in at.lead:
        thread.ranked = []
    place, name = linker.split_place(name)
    return Draft(
        q,
        name if name not in _RANKING else "",
        "rank",
        q.value,
        q.comparator,
        rule,
        0.85,
        at.clause.start,
        place or thread.place,
        base,
    )


def _ranked_before(at: Spot, linker: Linker) -> str:
    """经济总量高位稳进，保持全国第六; 孵化器、科技型中小企业，均居全国第一: what the clause before names."""
    words = at.earlier
    if (
        words
        and at.lead.startswith(("均", "都", "分别"))
        and "、" in words
        and not re.search(r"[\d”]$|\d", words)
    ):
        return left_name(words, single=False)
    return subject_before(at, linker)


_STRUCTURES = ("结构", "结构比", "比例", "比重")
_TURNS_INTO = re.compile(r"[^，。；\d]{0,6}[为至到成]")  #: 由2007年的22:37:41|调整为|19.9:36.9:43.2


def proportions_of(at: Spot, done: Sequence[Draft]) -> list[Draft]:
    """三次产业结构优化为0.2:31.9:67.9: one fact for each part, named where there are three industries."""
    origin = ORIGIN.search(at.lead)
    name = left_name(read_lead(at.lead[: origin.start()] if origin else at.lead).body)
    if done and done[-1].rule == "proportion" and _TURNS_INTO.fullmatch(at.lead):
        name = ""
    if (
        name in _STRUCTURES and "产业" in at.earlier
    ):  # 三次产业协调发展，结构比由2005年的14:68:18演进为11:64:25
        name = "三次产业" + name
    of_industries = len(at.run) == 3 and ("产业" in name or "三产" in name)
    names = [f"{name}（{part}）" for part in _INDUSTRIES] if of_industries else [name] * len(at.run)
    if not name:  # 由9.0:55.9:35.1调整为8.5:55.2:36.3: the parts named before
        names = [d.indicator for d in done[-len(at.run) :] if d.rule == "proportion"]
        if len(names) < len(at.run):
            return []
    return [
        Draft(q, n, "level", q.value, "=", "proportion", 0.8, at.clause.start, base=origin is not None)
        for q, n in zip(at.run, names, strict=True)
    ]
