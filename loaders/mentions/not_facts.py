"""Numbers that state no fact: names, dates, ordinals, size classes, counts of a plan's own parts."""

import re

from loaders.mentions.quantity import MORE, Quantity, clause_before
from loaders.vocabulary import Vocabulary

#: Where the text before the digits ends like this, the number is part of a name.
_NAME_BEFORE = re.compile(
    r"[A-Za-z]-?$|[A-Za-z]\d+[.-]$|[A-Za-z][\d.]*/$|\+$|×$|“$|第[一二三四五六七八九十]+$|[（(]$(?<=\d[（(])"
)
_METRIC_BEFORE = re.compile(r"(?:GDP|CPI|PPI|R&D)$")
#: What follows the digits makes it a name: 500强, 11号线, 256省道, 4.0版, 5G
_NAME_AFTER = re.compile(
    r"强|号(?!召)|路(?!段|口)|[省县国乡村]道|线(?!上|下|城)|版|型|式|\+|×|x\d|级(?!以上|及)|师(?!生)|会(?!议)|[A-Za-zαβ]|“|·|呼救|热线|工程(?!项目|量|建设|技术)|"
    r"小时(?:[^，。；、,]{0,4}(?:图书馆|驿站|不打烊|书房|自助|值守|在线|服务|便利|药店|通勤|生活圈|交通圈|经济圈|达))|"
    r"分钟(?:[^，。；、,]{0,8}圈)|个[月年]|[(（](?:一|二|三|四)期|英寸|纳米|楼|室|弄|巷|街(?!道)|米(?:级|进港|深水|主?航道)"
)
#: 国家102项重大工程, 10种有色金属: the number is part of an official name
_OFFICIAL_COUNT = re.compile(r"(?<=国家)\d+项(?:重大)?工程|1?0种有色金属")
_ORDINAL_BEFORE = re.compile(
    r"(?:(?<![\u4e00-\u9fff])[表图注]|[如见下上]表|[如见下上]图|专栏|附件|附表|第|其)\s*$"
)  #: not 加注880万吨

#: 65岁以上, 60周岁及以上, 0~3岁: an age names a group, it is not measured
_AGE = re.compile(r"周?岁")
_AGE_MEASURED = re.compile(r"寿命|年龄")
_YEARS_MEASURED = re.compile(r"年限|年数|历史|建城史|使用期|工龄")
DATE_AFTER = re.compile(
    r"年(?![均产度])|年度|年[均产]|月(?!均|租|薪|活|人均)|日(?!均|报|供|产|处理|元)|季度|周年|世纪|时\d|点(?!位)|[~—–-]\d{1,4}[年月日]|/\d{1,2}[/年月日]|-\d{1,2}-\d|:\d\d"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED_PARTS = re.compile(
    r"(?:大|个|条|项|类|方面|部分)?(?:方面|大类|主要预期目标|预期目标|主要目标|主要(?:经济|发展|监测)?指标|约束性指标|预期性指标|经济指标|重点任务|改革任务|年度任务|重点工作|专项行动|行动计划|政策措施|具体措施|举措|措施|政策|部分|意见|原则|维护|意识|自信|确保|清单|转变|体系|领域|层面|环节|维度)(?!项目|工程|企业)|[^，。；]{0,14}之一"
)
_COUNTED_PAPERS = re.compile(
    r"[^，。；、\d的]{0,14}(?:方案|办法|细则|实施意见|政策|措施|举措)(?=[，。；、和及]|$)"
)  #: 12个重点产业稳增长方案


_COUNTED_YEAR = re.compile(r"[个家户人名项件亿万元%套公亩米]")
_AFTER_YEAR = re.compile(r"年|[~—–-]|/|\.\d|[)）〕\]]")
_OPENED = re.compile(r"[〔\[（(]$")
_CLOSED = re.compile(r"[〕\])）]")
_YEAR_SPAN = re.compile(r"\d{4}\s*[~—–-]+$|\d{4}年?\s*[~—–至到-]+$")
_CALENDAR = re.compile(
    r"月(?!均|人均|租|活)|日(?!均|产|供|处理)|季度|世纪|周年|\s*(?:[~—–-]|至|到)\s*\d{1,2}(?:月|日|季度)"
)


def not_a_quantity(text: str, match: re.Match[str], vocabulary: Vocabulary) -> str:
    """Reason for a number that measures nothing, judged by what touches it; empty when it may measure."""
    start, end = match.span()
    if (named := _OFFICIAL_COUNT.match(text, start)) and named.end() > end:
        return "name"
    before, after = text[max(0, start - 12) : start], text[end : end + 14]
    if (_NAME_BEFORE.search(before) and not _METRIC_BEFORE.search(before)) or _NAME_AFTER.match(after):
        latin = vocabulary.unit_at(text, end)
        unit_like = (
            latin.isascii()
            and (len(latin) > 1 or latin == "P")
            and not text[end + len(latin) : end + len(latin) + 1].isascii()
        )
        if not unit_like or _NAME_BEFORE.search(before):
            return "name"
    if before.endswith(("国道", "省道", "县道")) and not vocabulary.unit_at(text, end):  # 国道318川藏线
        return "name"
    if (
        _YEAR.fullmatch(match.group())
        and not _COUNTED_YEAR.match(after)
        and vocabulary.unit_at(text, end + (after[:1] in MORE)) in ("", "年", "级", "号", "版")
    ):
        return "date" if _AFTER_YEAR.match(after) else "name"
    if _OPENED.search(before) and _CLOSED.match(after):
        return "ordinal"
    if (
        len(match.group()) <= 2
        and (not before or before[-1] in "。；：\n")
        and re.match(r"[.．、](?!\d)", after)
    ):
        return "ordinal"
    if _ORDINAL_BEFORE.search(before) and not before.endswith("第"):
        return "ordinal"
    if _YEAR.fullmatch(match.group()) and _YEAR_SPAN.search(before):
        return "date"
    if _CALENDAR.match(after):
        return "date"
    if after.startswith("年"):
        return _years(text, match)
    return ""


def _years(text: str, match: re.Match[str]) -> str:
    """N年: a date, a span of time, or (rarely) a measured length of time."""
    clause = clause_before(text, match.start())
    if _YEARS_MEASURED.search(clause) and not _YEAR.fullmatch(match.group()):
        return ""
    if _YEAR.fullmatch(match.group()) or len(match.group()) <= 2:
        return (
            "other"
            if re.search(r"连续$|已$", clause) or re.match(r"年(?:连|不|禁|期)", text[match.end() :])
            else "date"
        )
    return "other"


#: 60万吨赖氨酸项目, 120万吨乙烯装置: a capacity that names a project
_CAPACITY_NAME = re.compile(r"[\u4e00-\u9fff]{1,14}(?:等)?(?:项目|工程|装置|生产线|基地|机组|扩产|扩能|技改)")
#: 年产3亿枚|蛋鸡场, 年出栏3万只|白鹅的现代化养殖场: so is what a plant turns out in a year
_A_YEAR = re.compile(r"年(?:产|出栏|存栏|加工|屠宰|处理|供应)[\u4e00-\u9fff]{0,4}$")
_PLANT = re.compile(r"[\u4e00-\u9fff]{1,14}(?:项目|工程|装置|生产线|基地|场|厂|车间|产线)")

#: 2022年全省5‰|人口变动抽样调查: a survey; 工矿商贸就业人员10万人|生产安全事故死亡率: deaths out of so many
_SURVEY = re.compile(r"人口[\u4e00-\u9fff]{0,4}抽样")
_DEATHS_PER = re.compile(r"[\u4e00-\u9fff]{0,10}死亡率")
#: 性别比为104.75（以女性为|100）
_BASE_OF_RATIO = re.compile(r"[（(][^（()）]*(?:女性?|以[^（()）]{1,6})为?$")
_DURATION = re.compile(
    r"(?:连续|提前|历时|仅用|用时不到)$"
)  #: 连续16个季度, 提前3个月: how long, not how much


_SURPASSES = re.compile(r"(?:[高低]于|超过?|超出|快于)[^，。；\d]{0,12}$")


def not_a_fact(text: str, q: Quantity) -> str:
    """Reason for a quantity that is not the value of a fact, judged by the words around it."""
    rest = text[q.right : q.right + 24]
    if q.unit.endswith(("千伏", "吨级")) and rest[:1] and "\u4e00" <= rest[0] <= "\u9fff":
        return "name"
    if (
        q.unit.endswith(("吨", "吨/年", "方/年", "千瓦", "兆瓦", "吉瓦", "吉瓦时", "平方公里", "千伏"))
        and _CAPACITY_NAME.match(rest)
        and q.comparator == "="
    ):
        return "name"
    clause = clause_before(text, q.left)
    if q.comparator == "=" and _A_YEAR.search(clause) and _PLANT.match(rest):
        return "name"
    if rest.startswith("的目标") and _SURPASSES.search(clause):  # 高于年初人代会12%的目标14.4个百分点
        return "other"
    if _SURVEY.match(rest) if q.unit in ("%", "‰") else _DEATHS_PER.match(rest):
        return "name"
    if q.value == 100 and not q.unit and _BASE_OF_RATIO.search(clause):
        return "other"
    if _AGE.match(q.unit) or q.unit == "岁":
        return "" if _AGE_MEASURED.search(clause) else "threshold"
    if _DURATION.search(clause) and re.match(r"个?(?:季度|月|年|天|届|周|次|个工作日)", text[q.end :]):
        return "other"
    if not q.unit:
        if text[q.end : q.end + 1] == "岁" or re.match(r"周岁|余岁", text[q.end :]):
            return "threshold"
        return "" if _states_bare_number(clause) or q.form == "medal" else "unexplained: no unit"
    if _is_threshold(text, q, clause, rest):
        return "threshold"
    if _DIRECTED.search(clause) or (q.unit in ("项", "条", "个") and _ISSUED.search(clause)):
        return "other"
    if q.unit in ("个", "项") and rest[:1] in ("）", ")") and _COUNTED_AIMS.search(clause):
        return "other"
    if q.unit in ("个", "类", "种", "项") and (_OUT_OF.match(rest) or _RANKED_AMONG.match(rest)):
        return "other"
    if q.unit in ("类", "大类", "方面") and rest[:1].isdigit():  # 12类45件民生实事
        return "other"
    if q.unit in ("个", "项", "条", "大", "类") and (
        _COUNTED_PARTS.match(rest) or _COUNTED_PAPERS.match(rest)
    ):
        return "other"
    if (
        q.unit in ("大", "度", "期", "届", "次", "级", "代", "号", "分", "类")
        and q.upper is None
        and rest
        and "\u4e00" <= rest[0] <= "\u9fff"
    ):
        return "other" if q.unit != "次" else ""
    return ""


#: 27个|行业大类中18个行业保持正增长: out of how many
_OUT_OF = re.compile(r"[\u4e00-\u9fff]{2,8}中，?(?:有)?\d")
_COUNTED_AIMS = re.compile(r"(?:目标|指标|任务|工作|方面)[（(](?:共)?$")  #: 经济发展类目标（|13个|）
#: 居全省100个|县区前列, 排名35个|农产品主产区县第5位
_RANKED_AMONG = re.compile(
    r"[\u4e00-\u9fff]{0,8}(?:[省市县区州]|城市|乡镇)(?:前列|首位|前茅|第[\d一二三四五六七八九十])"
)
#: 围绕21条重点产业链: what is worked on, not how much of it there is
_DIRECTED = re.compile(r"(?:围绕|聚焦|瞄准)$")
#: 出台稳增长政策32项
_ISSUED = re.compile(r"(?:出台|推出|制定|实施|落实)[^，。；、\d]{0,14}(?:政策|措施|举措|办法)$")


#: 投资超10亿元的项目, 2000万元以上产业项目, 65岁及以上老年人, 10亿元级项目: a size class, not a value
_COUNTED_CLASS = re.compile(
    r"的[^，。；、\d]{0,16}(?:项目|企业|园区|产业|基地|集群|[镇乡县村区市户])(?:达到?|增加到|有|共|为)?\d[\d.]*[个家项户]"
)  #: 总投资超15亿元的重大产业项目54个
_CLASS_NOUN = re.compile(
    r"的?[^，。；、\d]{0,14}?(?:项目|企业|地块|工程|产业园|园区|商户|单位|城市|县|机组|水库|河流|湖泊|船舶|泊位|楼宇|贷款|火灾|基地|集群|省份|市县|强县|强镇)(?:[（、]?[市区]）?)*"
)


#: 新增|30个以上|乡镇通三级公路: a count of what is added, not a class of it
_THINGS = frozenset("个 家 户 项 名 人 场 条 件 套".split())
_ADDED_VERB = "新增|新建|建成|建设|新培育|培育|打造|引进|新引进|招引|签约|争取|实施|创建|完成|改造|举办|开展|支持|培养|培训|认定|推出|落地"
_ADDED = re.compile(rf"(?:{_ADDED_VERB})$|^(?:{_ADDED_VERB})[^，]*\d[^，]*[、和及]$")
_AND_HAS = re.compile(
    r"[且并](?:有|无|具|符合|未)[^，。；]{1,16}的"
)  #: 人均纯收入1万元以下|且有劳动能力的脱贫户
_SUPERLATIVE = re.compile(r"最[高大长深快远]$")  #: 全球最高|10米|液压支架


def _is_threshold(text: str, q: Quantity, clause: str, rest: str) -> bool:
    trailing = text[q.end : q.right].endswith(("以上", "以下", "以内"))
    if rest.startswith("级"):
        return True
    if q.unit.endswith("元") and re.match(
        r"(?:以上|或\d[\d.]*[亿万]?美?元)?(?:的)?[\u4e00-\u9fff]{0,8}?(?:项目|企业)\d+[个家]", rest
    ):
        return True
    if q.unit.endswith(("米", "公里", "分钟", "小时")) and re.match(
        r"内[\u4e00-\u9fff]", rest
    ):  # 50米内换乘比例
        return True
    if clause.endswith("每") and q.unit.endswith(("人", "户", "人口")):  # 每10万人刑事案件数
        return True
    if clause.endswith(("按每人每年", "按照每人每年")):  # 按照每人每年2300元的农村贫困标准
        return True
    money = q.unit.endswith(("元", "美元", "吨", "亩", "千瓦", "平方米", "公里"))
    if (
        money
        and q.comparator in (">", ">=")
        and rest.startswith("的")
        and (re.search(r"\d[\d.]*[个家项座][^，。；、\d]{0,8}$", clause) or _COUNTED_CLASS.match(rest))
    ):
        return True
    if (
        trailing
        and rest[:1]
        and "\u4e00" <= rest[0] <= "\u9fff"
        and (rest[0] not in "的和与及且并，占用" or _AND_HAS.match(rest))
    ):
        return not (q.unit in _THINGS and _ADDED.search(clause))
    if _SUPERLATIVE.search(clause) and rest[:1] and "\u4e00" <= rest[0] <= "\u9fff" and q.comparator == "=":
        return True
    if trailing and (q.unit != "%" or clause) and re.match(r"的(?!增长|速度|目标|水平|增速|标准)", rest):
        return True
    if (
        money
        and rest.startswith("的")
        and re.search(r"(?:投资|规模|产值|营收|收入)?(?:超过?|达到?|不低于|在)?$", clause) is not None
    ):
        return bool(
            q.comparator in (">", ">=")
            and re.match(r"的(?:重大|重点|产业|工业|在建|新建)?(?:项目|企业|地块)", rest)
        )
    if (
        money
        and q.comparator in (">", ">=")
        and _CLASS_NOUN.match(rest)
        and re.match(r"[\u4e00-\u9fff]", rest)
        and not trailing
    ):
        noun = _CLASS_NOUN.match(rest)
        assert noun is not None
        tail = rest[noun.end() :]
        return bool(
            re.match(r"\d|达|超|近|共|（|[、，。]", tail)
            or re.search(r"个|引进|招引|新签约|累计引投|签约$", clause[-8:])
        )
    return False


def _states_bare_number(clause: str) -> bool:
    """A number without a unit still measures where its noun says so: 收入比为2.51, 基尼系数0.4."""
    return bool(
        re.search(r"\d[\d.]*(?:提升|提高|上升|下降|增加|缩小)[至到]$", clause)
        or re.search(
            r"(?:收入比|性别比|之比|死亡率|指数|系数|倍差|得分|评分|满意度|安全感|比例|比率)[^，。；\d]{0,6}(?:为|达到?|至|在|约|从|由|扩大|缩小|优化|下降|提高|=)?[^，。；\d]{0,3}$",
            clause,
        )
    )
