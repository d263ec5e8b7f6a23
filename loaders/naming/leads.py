"""The words before a number taken apart: what may name it, the verb of change, a comparison, a rank."""

import re
from functools import lru_cache
from typing import NamedTuple

from loaders.grammar import CHANGE_VERB, FALLING_VERBS, strip_adverbs, strip_lead_in

#: 比全国高0.5个百分点, 比控制指标减少3人, 高于规划目标, 分别比国有、外资企业高8.8个、8.4个百分点: with what, and on which side
COMPARISON = re.compile(
    r"(?:(?<![占对之同环可百正每])(?:比|较)(?![重例率值价照分作赛好快低大强])(?P<with>[^，。；\d比较]{1,15}?)(?P<side>(?<!提)高出?|(?<!降)低|(?<!加)快|慢|(?:(?<!增)多|(?<!减)少)(?:[增降减])?)"
    r"|(?:比|较)(?P<plan>[^，。；\d比较]{0,8}?(?:指标|目标|计划|任务|预算))(?:增加|增长|提高|减少|下降|降低)"
    r"|(?P<than>(?:(?<![不或])(?:高于|低于|快于|慢于|优于|好于)(?![ⅠⅡⅢⅣⅤIVX]))|(?:超出?|超过)(?=[^，。；]{2,14}的目标$)"
    r"|(?:领先|超过|超|高出|大于)(?:于)?(?=(?:年?度?计划|年?度?目标|任务|预期|预算|全国|全省|全市|国家|省|中部|西部|东部|地区生产总值|同期|同类|规上|规模|GDP|经济)))"
    r"(?P<what>[^，。；\d]{1,16}?|[^，。；]{2,14}的目标)的?)$"
)
_TIME = r"(?:[上去前]年(?:同期|年?末)?|去年同期|上月|年初|20\d\d年[末底]?|第?[一二三四]季度|上半年|前三季度|1[-—~至]\d{1,2}月份?|“?(?:十?[一二三四五]|[九十])五”?(?:时期|期间|期)?末?)"
#: 比上年高0.2个千分点, 高于上年0.8个百分点, 比一季度高: against an earlier time it is a change
_AGAINST_TIME = re.compile(
    rf"(?:(?:比|较){_TIME}(?P<how>高出?|低|多|少|快|慢)|(?P<than>高|低|快|慢)于{_TIME})$"
)
#: 居全国第, 首次位列全省, 保持, 排名中部第: what introduces a rank
_RANK_ADVERBS = r"(?:均|分别|首次|继续|连续[^，。；]{1,4}?(?:年|个?季度|个月)|再次|历史性|稳定|总体|也|都|并|且|双双|强势|从|由|率先|一举)*"
_RANK_SCOPE = r"(?:全国|全省|全市|全区|全州|世界|全球|国内(?!生产|旅游|贸易)|省内|国际(?=同类|$)|中部|西部|东部|东北|中西部|苏南|苏北|长三角|珠三角|在[^，。；、\d]{1,6}\d*个?(?:[省市县区州]|县市区)中?|同类|副省级|地级|计划单列|万亿)"
_RANK_REST = r"(?:（[^）]*）|[^，。；、（）]){0,14}"
RANK_LEAD = re.compile(
    rf"^(?P<body>.*?)(?:{_RANK_ADVERBS}(?:稳居|位居|位列|并列|跃居|跃升至?|升至|升到|上升至|提升至|名列|居于|居|列|获评|保持在?|进入|挺进|跻身|晋升|晋级|攀升至?|达到?|为|进至|前移至|排名(?!升|跃|提|上)|排在|排)(?!.*(?:居|列|升|排名)){_RANK_REST}"
    rf"|{_RANK_ADVERBS}{_RANK_SCOPE}(?!.*{_RANK_SCOPE}){_RANK_REST}|{_RANK_ADVERBS})$"
)


_GOOD = re.compile(r"[率例数重]$")


class Lead(NamedTuple):
    """What stands before a number, taken apart."""

    body: str  #: the words that may name the indicator, without adverbs and verbs of change
    verb: str = ""  #: 增长, 下降, ... directly before the number
    to: bool = False  #: 提高到, 降至: the number is the level reached
    comparison: str = ""  #: 高于全国
    reached: bool = False  #: 达, 达到: the number is what is there now
    stock: bool = False  #: 累计达, 共有: the number counts all there is, not what was added
    times: bool = False  #: 是2007年的: the number says how many times the value of then

    @property
    def falls(self) -> bool:
        """Does the quantity fall? A rate that improves rises, a concentration that improves falls."""
        return self.verb in FALLING_VERBS and not (self.verb == "改善" and _GOOD.search(self.body))


_REACHES = re.compile(
    r"(?:增|升|降|减|提高|提升|上升|下降|增加|减少|降低|扩大|缩短|缩小|收窄|压减|压缩|压降|精简|回落|发展|优化|推|整合|扩容|拓展|跌|涨|调)(?:至|到|为)(?:了)?$"
)
#: 地区生产总值218亿元，|是2007年的|1.7倍
_TIMES_OF = re.compile(
    r"(?:分别)?(?:相当于|是|为|达到?)(?:20\d\d年|[上去]年(?:同期)?|“?(?:十?[一二三四五]|[九十])五”?(?:时期|期)?|五年前|前五年)[末底]?的"
)
#: 同比增长（以下简称增长）; 五年（2006—2010年，下同）
_REMARK = re.compile(r"(?:[三四五六]年)?（[^（）]{0,16}(?:以下简称[^（）]{1,8}|，下同)）")
_REACHED_IN = re.compile(r"(?<=[至到为])20\d\d年[末底]?的$")  #: 从2006年的8.8亿元增至|2011年的|20.2亿元
_COUNTS_ALL = re.compile(r"(?:累计|共有?|总计)(?:达到?|为|有)?$")
_HAS_ALL = re.compile(r"共有|累计达|现有")
_IS_THERE = re.compile(r"(?:达到?|增至|总数为?|突破|超过)$")
_ADDED = re.compile(r"(?:新增|净增|多增加)$")
#: 城镇登记失业率|控制目标|为4%, 一般公共预算收入|预期目标|增长5%: the number says of what
_AIM = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:年度|预期|控制|考核)*目标值?(?=$|增长$|下降$)")
_LONGEST_END = 28  #: none of what ends a lead is longer


@lru_cache(maxsize=2048)
def read_lead(text: str) -> Lead:
    """Takes the words before a number apart.

    >>> read_lead("规上工业总产值预计同比增长")
    Lead(body='规上工业总产值', verb='增长', to=False, comparison='', reached=False, stock=False, times=False)
    """
    if "（" in text:
        text = _REMARK.sub("", text)
    bare = _REACHED_IN.sub("", text.rstrip(" ：:，"))
    end = max(0, len(bare) - _LONGEST_END)
    to = bool(_REACHES.search(bare, end))
    if against := _AGAINST_TIME.search(bare, end):
        rises = (against["how"] or against["than"])[0] in "高多快"
        body = strip_adverbs(bare[: against.start()])
        return Lead(strip_lead_in(body), "提高" if rises else "下降")
    comparison = COMPARISON.search(bare, end)
    if comparison:
        return Lead(
            strip_lead_in(strip_adverbs(bare[: comparison.start()])),
            comparison=comparison.group().removesuffix("的"),
        )
    if _TIMES_OF.fullmatch(bare):
        return Lead("", times=True)
    stripped = strip_adverbs(_AIM.sub("", strip_adverbs(bare)))
    stock = bool(_COUNTS_ALL.search(bare, end)) or bool(_HAS_ALL.match(bare))
    reached = bool(_IS_THERE.search(bare, end))
    end = max(0, len(stripped) - _LONGEST_END)
    change = CHANGE_VERB.search(stripped, end)
    if change and not _ADDED.search(stripped, end):
        body = strip_adverbs(stripped[: change.start()])
        return Lead(strip_lead_in(body), change["verb"], to or bool(change["to"]), stock=stock)
    return Lead(strip_lead_in(stripped), to=to, stock=stock, reached=reached)
