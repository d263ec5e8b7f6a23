"""How reports state a promise or an outcome without a number: the phrasings, as tables.

A phrasing follows what it is about (进出口总额|稳中提质, :data:`AFTER`) or goes before it (不发生|较大事故,
:data:`BEFORE`). Each has examples in ``tests/data/qualitative.toml``, which one test runs.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from loaders.grammar import alternation

Direction = Literal["rise", "fall", "hold", ""]
#: what a phrasing can be about: whatever stands there, what can be measured (:data:`MEASURED`), what can be
#: completed (:data:`TASK`), or several of a kind (not one named project)
About = Literal["any", "measured", "task", "plural"]


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to put it. ``words`` is a regular expression of the phrase without the adverbs before it."""

    rule: str
    words: str
    ends: str = ""  #: of one that follows its subject: how it can end, blank-separated; a quick test
    about: About = "any"
    direction: Direction = ""
    elided: bool = False  #: may stand without a subject of its own: 空气优良天数比例83%，保持全省前列
    final: bool = False  #: in a review of several years it tells how things stand at their end


#: between subject and phrase; they belong to the phrase. Regular expressions, blank-separated
_ADVERBS = (
    "均 都 也 已 将 再 再次 又 仍 仍然 并 总体 总体上 整体 整体上 基本 全面 全部 持续 继续 连续 不断 "
    "进一步 稳步 逐步 逐年 "
    "明显 显著 大幅 大幅度 有效 有力 切实 努力 力争 确保 争取 预计 预期 能够 可 成功 首次 率先 顺利 如期 "
    "坚决 全力 适度 小幅 加快 "
    "加速 更加 日益 日趋 实现 保持 得到 呈现 呈 获得 获 取得 达到 达 双双 同比 比上年 较上年 比去年 同口径 "
    "较好 圆满 超额 提前 按期 "
    r"按时 高质量 分别 连续[一二三四五六七八九十两\d]+年 [一二三四五六七八九十\d]+年 连年 历史性 胜利 始终 "
    r"长期 稳定 普遍 不同程度 "
    "有所 最大限度 着力 多渠道 深入"
)
_ADVERB = "(?:" + "|".join(sorted(_ADVERBS.split(), key=len, reverse=True)) + ")"
_DEGREE = (
    "明显 显著 大幅 大幅度 稳步 持续 不断 逐步 逐年 有效 进一步 更加 较大幅度 整体 全面 小幅 有所 平稳 "
    "稳定 快速 较快 高速 合理 稳健 "
    "正 恢复性 同比 同口径 有力"
)
_FORWARD = "提升 提高 增强 增加 扩大 改善 回升 上升 攀升 上涨 跃升 增长 好转"
_BACKWARD = "下降 降低 减少 缩小 缩短 压降 压减 削减 回落 收窄 减轻 下调"
FORWARD: Final = frozenset(_FORWARD.split())

_INDICATOR = r"[^，。；、]{0,14}?(?:经济|GDP|生产总值|收入|增速|增长|增幅)"
_AVERAGE = "平均水平|平均|均值|增速|增长|增幅|增长速度|总和|同期"
_ABOVE = (
    r"不?高于|不?低于|不?快于|不?慢于|优于|好于|大于|小于|强于|不?超过|超出|超(?![一二三四五六七八九十半过\d])"
    "|跑赢|领先于?|幅度大于|幅度高于"
)
_AUTHORITY = (
    "国家|上级|省委省政府|省里|省政府|省|市政府|市(?![一二三四五六七八九十]+届)|中央|国务院|自治区"
    r"|[\u4e00-\u9fff]{2,3}市|[\u4e00-\u9fff]{2}(?=下达)"
)
_PLACED = (
    "稳居|位居|居于|居(?!民|住|家)|位列|列(?!车|入|为)|跃居|跃上|升至|跃升至|进入|迈入|领跑|处于|走在|名列|位于|排名"
    "|保持在?|挺进|跻身"
)
_PLACES = "前列 首位 榜首 第一方阵 第一梯队 前茅 领先水平 领先地位 领先 先进行列 最前列 上游"
_WIDELY = (
    "全国|全省|全市|全区|全球|世界|国际|国内|省内|我省|同类|全州|华东|中部|西部|东部|东北|苏南|苏北|长三角|珠三角|京津冀"
    r"|长江经济带|副省级|省会|沿海|[\u4e00-\u9fff]{2,3}市"
)
_BEST = "新高 最高 最好 最高水平 最好成绩 最佳成绩 最好水平 新低 最低 最低水平 最优 记录 纪录 峰值"
_STEADY = (
    "稳中提质 稳中有升 稳中有增 稳中有降 稳中趋降 量质齐升 量质双升 量稳质升 量稳质优 促稳提质 提标进位 "
    "扩量增效"
)
_FINISHED = (
    r"达标|达到[^，。；、]{2,8}|开工|竣工|建成[^，。；、]{0,8}|投用|投产|销号|完成[^，。；、]{0,8}|整改到位|到位|关停|退出"
    "|化解|摘帽|兑现|整改完成"
)

#: phrases after their subject, the more telling first
AFTER: Final = (
    # 居民人均可支配收入|与经济增长基本同步
    Phrasing(
        "in step",
        rf"[与和同跟](?P<bench>{_INDICATOR}|全国|全省|全区|省|国家|上年|去年)(?:总体|基本|大体|保持)*"
        "(?:同步|持平|一致|相当|相适应|相匹配)(?:增长|提高|提升)?",
        "同步 同步增长 同步提高 同步提升 持平 一致 相当 相适应 相匹配",
        direction="hold",
        elided=True,
    ),
    # 脱贫地区农民收入增速|超过全国农民收入平均水平; 居民收入增速|不低于经济增速
    Phrasing(
        "compared",
        rf"(?:{_ABOVE})(?P<bench>全国|全省|全市|国家|全区|(?:城镇|农村|全体)居民|[^，。；、]{{0,18}}?(?:{_AVERAGE}))(?:水平)?",
        "全国 全省 全市 国家 全区 居民 平均水平 平均 均值 增速 增长 增幅 增长速度 总和 同期 水平",
        elided=True,
        final=True,
    ),
    # 固定资产投资增速|保持在全国平均水平以上
    Phrasing(
        "compared",
        r"(?:保持|达到|控制|稳定)?在?(?P<bench>(?:全国|全省|全市)平均(?:水平|数)?)(?:以上|以下|之上)?",
        "平均水平 平均水平以上 平均水平以下 平均水平之上",
        elided=True,
        final=True,
    ),
    # 建设高标准农田2556万亩，|相当于前十年总和
    Phrasing("compared", r"相当于(?P<bench>[^，。；、]{2,10}总和)", "总和", elided=True),
    # 地区生产总值等部分指标|增长不及预期
    Phrasing(
        "compared",
        "(?:增长|增速)?(?:不及|低于|好于|快于|优于|高于|未达)预期(?:目标)?",
        "预期 预期目标",
        final=True,
    ),
    # 耕地保有量|完成省下达任务; 完成上级下达的约束性指标任务
    Phrasing(
        "assigned",
        rf"(?:按照?[^，。；、]{{1,4}}要求)?(?:完成|达到)了?经?(?:{_AUTHORITY})(?:政府)?"
        r"(?:[^，。；、]{0,6}(?:下达|审核|确定|核定|分解|明确|考核|定))?[^，。；、]{0,8}?的?"
        r"(?P<object>[^，。；]{0,36})(?:任务|目标|要求|指标|计划)",
        "任务 目标 要求 指标 计划",
        elided=True,
    ),
    # 按照国家要求完成节能减排降碳任务
    Phrasing(
        "assigned",
        r"按照?(?:国家|上级|省|市)要求完成(?P<object>[^，。；]{2,24})(?:任务|目标|要求|指标|计划)",
        "任务 目标 要求 指标 计划",
        elided=True,
    ),
    # 省重大、市重点项目|均超额完成年度投资计划; 居民人均可支配收入|能够完成预期目标
    Phrasing(
        "done",
        r"完成了?(?:“[^”]{2,6}”|规划|年度|全年|预期|既定|序时|总体|阶段性|当年|计划)[^，。；、]{0,6}?(?:任务|目标|计划|进度)",
        "任务 目标 计划 进度",
    ),
    # 部分预期经济指标|未能实现
    Phrasing(
        "not done",
        "(?:无法|未能|没有|未|难以)(?:如期|全部|全面)?(?:完成|实现|达到|达成)(?:[^，。；、]{0,6}(?:目标|预期|任务))?",
        "完成 实现 达到 达成 目标 预期 任务",
    ),
    # 碳达峰目标|如期实现
    Phrasing(
        "done",
        "(?:超额|如期|全面|圆满|顺利|提前|较好|按期|按时|全部|胜利|均已|基本|坚决)+(?:完成|实现|达成|兑现|办结)",
        "完成 实现 达成 兑现 办结",
        about="task",
    ),
    # 规上工业企业数字化改造|实现全覆盖
    Phrasing(
        "covered",
        "“?(?:[两三四五]个)?全覆盖”?|基本覆盖|全面覆盖|全部覆盖",
        "全覆盖 基本覆盖 全面覆盖 全部覆盖",
        elided=True,
        final=True,
    ),
    # 残疾儿童康复救助|“应救尽救”
    Phrasing(
        "covered",
        r"“?应[\u4e00-\u9fff]{1,2}尽[\u4e00-\u9fff]{1,2}”?",
        "尽救 尽保 尽享 尽助 尽兜 尽扶 尽检 尽治 尽纳",
        final=True,
    ),
    # 零就业家庭|动态清零; Ⅴ类及以下水体|保持清零; 高风险金融机构|全部出清
    Phrasing(
        "cleared",
        "(?:动态|保持|全部|全面|基本|实现|存量)+“?(?:清零|出清|归零)”?|“?清零”?",
        "清零 出清 归零",
    ),
    # 一般类村庄|全部建成特色宜居乡村; 计划新开工项目|已全部开工; 沙钢、永钢|全部完成超低排放改造
    Phrasing(
        "all",
        rf"已?(?:全部(?:{_FINISHED})|全面整改到位)",
        "达标 开工 竣工 建成 投用 投产 销号 到位 关停 退出 化解 摘帽 兑现 完成 标准 要求 改造 乡村 验收",
        about="plural",
    ),
    # 国考断面水质优良率|稳定达标; 生活垃圾|实现全量焚烧
    Phrasing(
        "attained",
        "达标|达到国家标准|达到国家要求|全量焚烧",
        "达标 国家标准 国家要求 全量焚烧",
        final=True,
    ),
    # PM2.5浓度|历史性达到国家空气质量二级标准
    Phrasing("attained", r"达到?(?:国家)?[^，。；、]{0,8}[一二三]级标准", "级标准", elided=True, final=True),
    # 城市黑臭水体|基本消除
    Phrasing("attained", "(?:基本|全面)消除", "消除", final=True),
    # 环境空气质量|稳居全国第一方阵; 群众安全感|继续保持全省领先
    Phrasing(
        "standing",
        rf"(?:{_PLACED})[^，。；、\d]{{0,16}}?“?(?:{alternation(_PLACES)})”?",
        _PLACES,
        elided=True,
        final=True,
    ),
    # “绿电氢氨醇”项目总产能|全国领先
    Phrasing(
        "standing",
        rf"(?:{_WIDELY})[^，。；、\d]{{0,8}}?“?(?:{alternation(_PLACES)}|最低水平|最高水平)”?",
        _PLACES + " 最低水平 最高水平",
        elided=True,
        final=True,
    ),
    # 居民基础养老金，|在全国实现位次前移
    Phrasing(
        "standing",
        "(?:在(?P<bench>全[国省市]))?(?:实现)?(?:位次|排名)(?:稳步|明显|大幅|持续)?(?:前移|上升|提升|进位)",
        "前移 上升 提升 进位",
        direction="rise",
        elided=True,
    ),
    # 粮食产量|创历史新高
    Phrasing(
        "record",
        r"(?:创下?|再创|创出|刷新|取得|达到?)了?[^，。；、\d]{0,10}?(?:历史|以来|世界|全国|全省|同期)[^，。；、\d]{0,4}?"
        rf"(?:{alternation(_BEST)})",
        _BEST,
        elided=True,
    ),
    # 生产安全事故起数和死亡人数|实现“双下降”
    Phrasing(
        "both",
        "“?[双两三四多]个?(?:提升|增长|下降|提高|降低|降|升|增|高于|减|控双减)”?",
        "提升 增长 下降 提高 降低 双降 双升 双增 双减 高于 三降 三升 三增 两降 两升 两增",
    ),
    # 违法犯罪警情|实现15年连降; 全国双拥模范城|“八连冠”
    Phrasing(
        "in a row",
        r"“?[一二三四五六七八九十\d]+年?连[冠优降升增涨丰]”?",
        "连冠 连优 连降 连升 连增 连涨 连丰",
    ),
    # 重大创新创业团队|实现零的突破
    Phrasing("first", "“?零的突破”?|零突破", "零的突破 零突破", elided=True),
    # 进出口总额|稳中提质
    Phrasing(
        "steady and better",
        rf"(?:总体)?(?:稳定|平稳)、质效提升|{alternation(_STEADY)}",
        "质效提升 " + _STEADY,
    ),
    # 进出口|稳量提质
    Phrasing("steady and better", "稳量提质", "稳量提质", about="measured"),
    # 战略性新兴产业|两位数增长; 固定资产投资|实现正增长
    Phrasing("growth", "(?:两位数|正|高速|较快)增长", "增长", direction="rise"),
    # 木材采伐量、油桐籽|比上年增加; 糖料产量|不同程度增长
    Phrasing(
        "changed",
        "(?:不同程度|[比较](?:上年|去年|上年同期|上年末))(?:有所)?(?P<verb>增长|增加|上升|提高|下降|减少|回落)",
        "增长 增加 上升 提高 下降 减少 回落",
    ),
    # 社会消费品零售总额|基本持平
    Phrasing("held", "(?:同比)?(?:基本)?持平", "持平", direction="hold", elided=True),
    # 制造业增加值占地区生产总值比重|保持基本稳定
    Phrasing(
        "held",
        "(?:保持|总体|基本|运行|持续|大体|相对)+(?:稳定|平稳)|(?:逐步|总体|持续|稳步)(?:回稳|企稳|趋稳)|平稳向好"
        "|平稳运行|平稳健康发展",
        "稳定 平稳 回稳 企稳 趋稳 平稳向好 平稳运行 平稳健康发展",
        about="measured",
        direction="hold",
    ),
    # 长江干流南京段水质|保持Ⅱ类; 主要指标|保持运行在合理区间
    Phrasing(
        "held",
        "(?:稳定|保持|达到)+在?[ⅠⅡⅢⅣⅤIV]+类(?:水质|标准|以上|及以上)?",
        "类 类水质 类标准 类以上 类及以上",
        direction="hold",
    ),
    Phrasing(
        "held",
        "(?:保持|运行|处于)+在?(?:合理|正常|适度)(?:区间|水平|范围|规模)",
        "区间 合理水平 适度水平 范围 规模",
        direction="hold",
    ),
    # 文旅消费|大幅增长; 刑事治安案件|连续6年下降
    Phrasing(
        "trend",
        rf"(?:{alternation(_DEGREE)}|连续[一二三四五六七八九十\d]+年)+"
        rf"(?P<verb>{alternation(_FORWARD + ' ' + _BACKWARD)})",
        _FORWARD + " " + _BACKWARD,
        about="measured",
    ),
)

#: how goals for several years are put, whatever they are about:
#: 科技创新能力|明显跃升, 农业强省建设|取得显著成效
OUTLOOK: Final = re.compile(
    r"(?P<text>(?:更加|更为|明显|显著|大幅|全面)[\u4e00-\u9fff]{2}"
    "|取得(?:新的)?(?:重大|显著|突破性|明显|决定性)(?:进展|成效|突破|成果))$"
)
OUTLOOK_PHRASING: Final = Phrasing("outlook", OUTLOOK.pattern)
_ATTAINED = (
    "提升 提高 增强 改善 优化 进位 跃升 进展 成效 突破 成果 彰显 丰硕 凸显 强劲 幸福 美丽 显著 健全 完善 "
    "多元 充分"
)
OUTLOOK_ENDINGS: Final = tuple(_ATTAINED.split())

_THOROUGHLY = "较好|圆满|全面|超额|如期|顺利|基本|坚决|高质量|胜利|确保|力争|全部|高标准|提前"
#: phrases before what they are about
BEFORE: Final = (
    # 确保不发生|较大及以上生产安全事故
    Phrasing("none", "(?:坚决|牢牢)?(?:守住|守牢|确保|严防|力争)*了?(?:不发生|未发生|没有发生|零发生)"),
    # 较好完成|“123”年度目标任务; 顺利实现|“十四五”经济社会发展主要目标
    Phrasing("done", rf"(?:{_THOROUGHLY})+完成了?", about="task"),
    Phrasing("done", "(?:圆满|全面|超额|如期|顺利|胜利|提前)+实现了?", about="task"),
    # 基本实现|“组组通”硬化路
    Phrasing("attained", "基本实现", final=True),
    # 全面出清|单一功能的政府融资平台
    Phrasing("cleared", "(?:全面|全部|基本)(?:出清|消除|清零)"),
    # 提高|居民基础养老金
    Phrasing("raise", rf"(?:{_ADVERB}|推动)*(?:提高|提升|扩大|增加)", about="measured", direction="rise"),
    # 缩小|城乡收入分配差距
    Phrasing(
        "cut",
        rf"(?:{_ADVERB}|推动)*(?:降低|缩小|压减|压降|减少|削减|压缩|缩短)",
        about="measured",
        direction="fall",
    ),
    # 严控|“三公”经费和一般性支出; 保持|基础设施投资强度
    Phrasing("limit", rf"(?:{_ADVERB}|推动)*(?:严控|从严控制|严格控制)", about="measured"),
    Phrasing("keep", rf"(?:{_ADVERB}|推动)*保持", about="measured", direction="hold"),
)

#: what can be measured, by the last word of its name
MEASURED: Final = re.compile(
    "(?:"
    + alternation(
        "率 比重 占比 比例 倍差 差距 增速 总量 总额 数 数量 产量 销量 用量 流量 吞吐量 排放量 排放 存量 "
        "增量 保有量 规模 收入 支出 收支 投资 "
        "消费 进口 出口 产值 增加值 生产总值 利润 税收 税费 价格 物价 电价 房价 地价 成本 费用 花费 债务 "
        "贷款 余额 额 额度 标准 养老金 补贴 "
        "经费 开支 覆盖面 普及面 受益面 范围 学位供给 强度 浓度 污染 首位度 便利度 舒适度 满意度 效率 指数 "
        "面积 产能 能耗 警情 案件 信访 寿命 "
        "容量 质量 水质 销售 排名 位次 市场 生产 时间 用时 形势 水平 生产能力"
    )
    + ")$"
)
#: vague ones: a sentence that says no more than that they improve is a heading (对外开放水平不断提升。)
VAGUE: Final = re.compile(r"(?:经济总量|质量|水平|市场|消费|投资|形势)$")
#: what is raised or cut when the verb stands first; 扩大有效投资 and 扩大内需 head a paragraph
OBJECT: Final = re.compile(
    r"(?:(?<!效)率|"
    + alternation(
        "比重 占比 比例 倍差 差距 标准 收入 规模 覆盖面 普及面 受益面 成本 支出 经费 开支 债务 额度 强度 "
        "总量 排放 排放量 养老金 补助 "
        "学位供给 首位度 价格 电价 效率 进口 出口 污染 能耗 税费"
    )
    + r"|(?<!试点)范围)$"
)
#: what can be completed
TASK: Final = re.compile(
    rf"(?:{alternation('任务 目标 指标 实事 实事项目 计划 整改 行动 改革 改造 重组 治理 清欠 颁证 换届')})$"
)
#: rules whose words tell of a change, up or down
DIRECTED: Final = frozenset(
    ["trend", "changed", "both", "in a row", "raise", "cut", "growth", "outlook", "record", "cleared", "none"]
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A phrasing with the expression that takes a clause apart: ``subject`` and ``text``, or ``text`` and
    ``object``; some also name a ``bench``, a ``verb`` or an ``object`` inside ``text``."""

    phrasing: Phrasing
    pattern: re.Pattern[str]
    ends: tuple[str, ...] = ()  #: how a clause ends that it can match, quotes left aside; a quick test


def _by_last_character() -> dict[str, tuple[Compiled, ...]]:
    """The phrasings of :data:`AFTER` by the last character a clause must have, quotes left aside."""
    found: dict[str, list[Compiled]] = {}
    for phrasing in AFTER:
        pattern = re.compile(rf"(?P<subject>.*?)(?P<text>{_ADVERB}*(?:{phrasing.words}))")
        for last in dict.fromkeys(ending[-1] for ending in phrasing.ends.split()):
            found.setdefault(last, []).append(Compiled(phrasing, pattern, tuple(phrasing.ends.split())))
    return {last: tuple(compiled) for last, compiled in found.items()}


AFTER_BY_LAST: Final = _by_last_character()
#: a clause that ends in none of these holds no phrase of :data:`AFTER`
ENDINGS: Final = tuple(sorted({ending for phrasing in AFTER for ending in phrasing.ends.split()}))
ENDINGS_BY_LAST: Final = {
    last: tuple(ending for ending in ENDINGS if ending[-1] == last) for last in AFTER_BY_LAST
}
#: without one of these near its start a clause holds no phrase of :data:`BEFORE`; a quick test
BEFORE_HINT: Final = re.compile(
    alternation(
        "发生 完成 实现 出清 消除 清零 提高 提升 扩大 增加 降低 缩小 压减 压降 减少 削减 压缩 缩短 严控 "
        "控制 保持"
    )
)
BEFORE_COMPILED: Final = tuple(
    Compiled(p, re.compile(rf"(?P<text>{p.words})(?P<object>[^，。；]{{2,60}})")) for p in BEFORE
)
