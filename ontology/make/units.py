"""Makes ``ontology/units.ttl``: the units that Chinese plan and work reports print.

    python ontology/make/units.py

The tables below are the one place where units are kept. A :class:`Family` is a set of units that convert into each
other by a factor; its first unit is the base unit. Each :class:`Unit` may be printed with a multiplier in front
(万吨, 亿元); those forms are made here. All factors are exact decimals.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ttl import block, decimal, document, text, texts

OUT = Path(__file__).parent.parent / "units.ttl"

HEADER = """
Units as Chinese plan and work reports print them.

Made by ontology/make/units.py; change the tables there, not this file.

plan:factor is exact and leads to plan:baseUnit: value in the unit * factor = value in the base unit. Units with the
same base unit convert into each other. The plan:referenceUnit of a family is the unit in which figures of indicators
outside the indicator list are stored. Counters (家, 户, 所 ...) all count one by one, so they share the base unit
"number", but each is a family of its own, because what is counted is not the same.

QUDT identifiers: QUDT.org, CC BY 4.0. UN/CEFACT Recommendation 20 codes: UNECE (list by datasets/unece-units, MIT).
UCUM codes: Regenstrief Institute. Wikidata: CC0. A scaled unit (万吨) has no match of its own: that of its base unit
and the factor say the same. Spellings were collected from published reports.
This file: CC BY 4.0.
"""

# multiplier as printed -> (slug, English, factor); Chinese counts in powers of ten thousand
SCALES = {
    "千": ("1k", "thousand", Decimal(10) ** 3),
    "万": ("10k", "10 thousand", Decimal(10) ** 4),
    "十万": ("100k", "100 thousand", Decimal(10) ** 5),
    "百万": ("1m", "million", Decimal(10) ** 6),
    "千万": ("10m", "10 million", Decimal(10) ** 7),
    "亿": ("100m", "100 million", Decimal(10) ** 8),
    "十亿": ("1b", "billion", Decimal(10) ** 9),
    "百亿": ("10b", "10 billion", Decimal(10) ** 10),
    "千亿": ("100b", "100 billion", Decimal(10) ** 11),
    "万亿": ("1t", "trillion", Decimal(10) ** 12),
}
COUNTS = "万 百万 千万 亿"
BULK = "万 百万 千万 亿 万亿"
MONEY = "千 万 十万 百万 千万 亿 十亿 百亿 千亿 万亿"


@dataclass(frozen=True)
class Unit:
    """A unit without multiplier."""

    slug: str
    zh: str
    en: str
    factor: str = "1"  #: to the base unit of its family
    alt: str = ""  #: other printed forms, separated by blanks
    qudt: str = ""  #: exact match in QUDT
    qudt_close: str = ""  #: near match in QUDT
    ucum: str = ""
    rec20: str = ""
    wikidata: str = ""
    zh_note: str = ""
    en_note: str = ""
    scales: str = ""  #: multipliers under which it is printed


@dataclass(frozen=True)
class Family:
    """Units that convert into each other; the first one is the base unit."""

    slug: str
    zh: str
    en: str
    reference: str  #: slug of the unit in which figures of this family are stored
    units: tuple[Unit, ...]
    zh_note: str = ""
    en_note: str = ""


def _money(slug: str, zh: str, en: str, code: str, reference: str, alt: str = "", wikidata: str = "") -> Family:
    unit = Unit(slug, zh, en, alt=alt, qudt=f"CCY_{code}", wikidata=wikidata, scales=MONEY)
    return Family(code.lower(), f"货币（{zh}）", f"currency ({code})", reference, (unit,))


FAMILIES = (
    _money("yuan", "元", "yuan", "CNY", "100m-yuan", "元人民币 人民币元 块钱 CNY RMB"),
    _money("us-dollar", "美元", "US dollars", "USD", "100m-us-dollar", "USD", "Q4917"),
    _money("euro", "欧元", "euros", "EUR", "100m-euro", "EUR", "Q4916"),
    _money("hong-kong-dollar", "港元", "Hong Kong dollars", "HKD", "100m-hong-kong-dollar", "港币 HKD", "Q31015"),
    _money("yen", "日元", "yen", "JPY", "100m-yen", "JPY"),
    _money("rouble", "卢布", "roubles", "RUB", "100m-rouble", "RUB"),
    _money("pound", "英镑", "pounds sterling", "GBP", "100m-pound", "GBP"),
    _money("singapore-dollar", "新加坡元", "Singapore dollars", "SGD", "100m-singapore-dollar", "新元 SGD"),
    Family("ratio", "比率", "ratio", "percent", (
        Unit("percent", "%", "per cent", alt="％ ﹪ 百分比", qudt="PERCENT", ucum="%", rec20="P1", wikidata="Q11229"),
        Unit("permille", "‰", "per mille", "0.1", qudt="PERMILLE", ucum="[ppth]", rec20="NX"),
        Unit("tenth", "成", "tenths", "10",
             zh_note="一成为10%；“超八成”即80%以上。",
             en_note="One 成 is a tenth, 10 %: 超八成 says more than 80 %."),
        Unit("multiple", "倍", "times", "100", qudt_close="UNITLESS",
             zh_note="“增长2.2倍”指增量为基数的2.2倍，即增长220%；“是……的2.2倍”“增长到2.2倍”指比值为2.2，即增长120%。"
             "数值按原文保留，由措辞决定是增长还是比值。",
             en_note="增长2.2倍 says that the increase is 2.2 times the base (+220 %); 是…的2.2倍 and 增长到2.2倍 say that the "
             "ratio is 2.2 (+120 %). The wording decides which; the factor holds for the number itself, 1 倍 = 100 %."),
    )),
    Family("percentage-point", "百分点", "difference of ratios", "percentage-point", (
        Unit("percentage-point", "个百分点", "percentage points", alt="百分点 pct", qudt_close="PERCENT", ucum="%",
             rec20="P1",
             zh_note="两个百分比之差，不是百分比：由40%升至42%，是提高2个百分点，增长5%。",
             en_note="The difference of two percentages, never a percentage: from 40 % to 42 % is a rise of 2 percentage "
             "points and a growth of 5 %. QUDT and UCUM have no unit of its own for it."),
        Unit("permille-point", "个千分点", "per mille points", "0.1", alt="千分点"),
        Unit("basis-point", "个基点", "basis points", "0.01", alt="基点 BP BPs"),
    )),
    Family("doubling", "翻番", "doublings", "doubling", (
        Unit("doubling", "番", "doublings",
             zh_note="翻n番即为原来的2的n次方倍：翻一番为原来的2倍（增长100%），翻两番为4倍（增长300%）。不能用一个系数换算成百分比。",
             en_note="翻n番 is 2 to the power n of the base: 翻一番 doubles it (+100 %), 翻两番 makes it fourfold (+300 %). No "
             "single factor leads to per cent."),
    )),
    Family("mass", "质量", "mass", "tonne", (
        Unit("tonne", "吨", "tonnes", alt="公吨 t", qudt="TONNE", ucum="t", rec20="TNE", wikidata="Q191118", scales=BULK),
        Unit("kilogram", "公斤", "kilograms", "0.001", alt="千克 kg", qudt="KiloGM", ucum="kg", rec20="KGM",
             wikidata="Q11570", scales="万 亿"),
        Unit("jin", "斤", "jin (500 g)", "0.0005", alt="市斤", scales="万 百万 千万 亿 百亿 千亿 万亿",
             zh_note="市制，1斤为500克。", en_note="Market unit; one jin is 500 g. Harvests are given in 亿斤, 50,000 t."),
        Unit("gram", "克", "grams", "0.000001", alt="g", qudt="GM", ucum="g", rec20="GRM", wikidata="Q41803"),
        Unit("milligram", "毫克", "milligrams", "0.000000001", alt="mg", qudt="MilliGM", ucum="mg", rec20="MGM"),
    )),
    Family("coal-equivalent", "标准煤", "coal equivalent", "10k-tonne-coal-equivalent", (
        Unit("tonne-coal-equivalent", "吨标准煤", "tonnes of coal equivalent", alt="吨标煤 tce", scales=BULK,
             zh_note="1吨标准煤的热量为7000兆卡（国际蒸汽表卡），即29.3076吉焦。",
             en_note="The heat of 7 Gcal (international table), 29.3076 GJ. QUDT has no unit of its own for it."),
        Unit("kilogram-coal-equivalent", "千克标准煤", "kilograms of coal equivalent", "0.001",
             alt="公斤标准煤 千克标煤 公斤标煤 kgce"),
        Unit("gram-coal-equivalent", "克标准煤", "grams of coal equivalent", "0.000001", alt="克标煤 gce"),
    )),
    Family("electricity", "电量", "electric energy", "100m-kilowatt-hour", (
        Unit("kilowatt-hour", "千瓦时", "kilowatt hours", alt="度 度电 千瓦·时 千瓦小时 kWh kW·h", qudt="KiloW-HR",
             ucum="kW.h", rec20="KWH", wikidata="Q182098", scales=BULK),
        Unit("megawatt-hour", "兆瓦时", "megawatt hours", "1000", alt="MWh", qudt="MegaW-HR", ucum="MW.h", rec20="MWH",
             scales="万"),
        Unit("gigawatt-hour", "吉瓦时", "gigawatt hours", "1000000", alt="GWh", qudt="GigaW-HR", ucum="GW.h", rec20="GWH"),
    )),
    Family("power", "功率", "power", "10k-kilowatt", (
        Unit("kilowatt", "千瓦", "kilowatts", alt="kW KW", qudt="KiloW", ucum="kW", rec20="KWT", wikidata="Q3320608",
             scales=BULK),
        Unit("megawatt", "兆瓦", "megawatts", "1000", alt="MW", qudt="MegaW", ucum="MW", rec20="MAW", wikidata="Q6982035",
             scales="万"),
        Unit("gigawatt", "吉瓦", "gigawatts", "1000000", alt="GW", qudt="GigaW", ucum="GW"),
    )),
    Family("voltage", "电压", "voltage", "kilovolt", (
        Unit("kilovolt", "千伏", "kilovolts", alt="kV KV", qudt="KiloV", ucum="kV", rec20="KVT"),
        Unit("volt", "伏", "volts", "0.001", alt="伏特", qudt="V", ucum="V", rec20="VLT"),
    )),
    Family("apparent-power", "视在功率", "apparent power", "10k-kilovolt-ampere", (
        Unit("kilovolt-ampere", "千伏安", "kilovolt-amperes", alt="kVA KVA", qudt="KiloV-A", ucum="kV.A", rec20="KVA",
             scales="万 亿"),
        Unit("megavolt-ampere", "兆伏安", "megavolt-amperes", "1000", alt="MVA", qudt="MegaV-A", ucum="MV.A",
             rec20="MVA", scales="万"),
    )),
    Family("apparent-energy", "视在电能", "apparent energy", "kilovolt-ampere-hour", (
        Unit("kilovolt-ampere-hour", "千伏安时", "kilovolt-ampere hours", alt="kVAh", qudt="KiloV-A-HR", ucum="kV.A.h",
             scales="万 亿"),
    )),
    Family("area", "面积", "area", "mu", (
        Unit("mu", "亩", "mu (1/15 ha)", alt="市亩", scales=COUNTS,
             zh_note="1亩为1/15公顷，即2000/3平方米。以亩为基本单位，面积换算均为精确的小数。",
             en_note="One mu is 1/15 ha, 2000/3 m2, which no decimal holds exactly; counted in mu, every other unit of "
             "area is an exact decimal, so mu is the base unit."),
        Unit("square-metre", "平方米", "square metres", "0.0015", alt="㎡ m² m2 平米", qudt="M2", ucum="m2", rec20="MTK",
             wikidata="Q25343", scales=COUNTS),
        Unit("hectare", "公顷", "hectares", "15", alt="ha hm²", qudt="HA", ucum="har", rec20="HAR", wikidata="Q35852",
             scales="万 百万 千万 亿"),
        Unit("square-kilometre", "平方公里", "square kilometres", "1500", alt="平方千米 km² km2", qudt="KiloM2", ucum="km2",
             rec20="KMK", scales="万"),
    )),
    Family("treated-area", "作业面积", "area treated", "mu-time", (
        Unit("mu-time", "亩次", "mu treated", scales=COUNTS,
             zh_note="同一亩地作业几次计几亩次。", en_note="A mu that is worked twice counts twice."),
    )),
    Family("length", "长度", "length", "kilometre", (
        Unit("metre", "米", "metres", alt="m 延米 延长米", qudt="M", ucum="m", rec20="MTR", wikidata="Q11573", scales="万"),
        Unit("kilometre", "公里", "kilometres", "1000", alt="千米 km", qudt="KiloM", ucum="km", rec20="KTM",
             wikidata="Q828224", scales="万 百万 亿"),
        Unit("centimetre", "厘米", "centimetres", "0.01", alt="公分 cm", qudt="CentiM", ucum="cm", rec20="CMT"),
        Unit("millimetre", "毫米", "millimetres", "0.001", alt="mm", qudt="MilliM", ucum="mm", rec20="MMT"),
    )),
    Family("volume", "体积", "volume", "10k-cubic-metre", (
        Unit("cubic-metre", "立方米", "cubic metres", alt="立方 方 m³ m3", qudt="M3", ucum="m3", rec20="MTQ",
             wikidata="Q25517", scales=COUNTS),
        Unit("litre", "升", "litres", "0.001", alt="公升 L", qudt="L", ucum="L", rec20="LTR", scales="万 亿"),
    )),
    Family("gas-volume", "气体体积（标准状态）", "gas volume at standard conditions", "10k-standard-cubic-metre", (
        Unit("standard-cubic-metre", "标准立方米", "standard cubic metres", alt="标方 标立方米 Nm³", scales="万 亿"),
    )),
    Family("volume-flow", "体积流量", "volume flow", "10k-cubic-metre-per-day", (
        Unit("cubic-metre-per-day", "立方米/日", "cubic metres per day", alt="立方米/天 方/日 方/天 立方米每日 m³/d",
             qudt="M3-PER-DAY", ucum="m3.d-1", rec20="G52", wikidata="Q64448128", scales="万 亿"),
        Unit("cubic-metre-per-second", "立方米/秒", "cubic metres per second", "86400", alt="方/秒 立方米每秒 m³/s",
             qudt="M3-PER-SEC", ucum="m3.s-1", rec20="MQS"),
    )),
    Family("yearly-volume-flow", "年体积流量", "volume per year", "100m-cubic-metre-per-year", (
        Unit("cubic-metre-per-year", "立方米/年", "cubic metres per year", alt="方/年 立方米每年", scales="万 亿"),
    )),
    Family("mass-flow", "日处理量", "mass per day", "tonne-per-day", (
        Unit("tonne-per-day", "吨/日", "tonnes per day", alt="吨/天 吨每日 t/d", qudt="TONNE-PER-DAY", ucum="t.d-1",
             scales="万"),
    )),
    Family("yearly-mass-flow", "年产能", "mass per year", "10k-tonne-per-year", (
        Unit("tonne-per-year", "吨/年", "tonnes per year", alt="吨每年 t/a", qudt="TONNE-PER-YR", ucum="t.a-1",
             scales="万 亿"),
    )),
    Family("mass-concentration", "质量浓度（空气）", "mass concentration in air", "microgram-per-cubic-metre", (
        Unit("microgram-per-cubic-metre", "微克/立方米", "micrograms per cubic metre",
             alt="微克每立方米 微克/m³ 微克/m3 μg/m³ µg/m³ ug/m³ μg/m3 µg/m3 ug/m3", qudt="MicroGM-PER-M3", ucum="ug.m-3",
             rec20="GQ", wikidata="Q106623548"),
        Unit("milligram-per-cubic-metre", "毫克/立方米", "milligrams per cubic metre", "1000",
             alt="毫克每立方米 毫克/m³ mg/m³ mg/m3", qudt="MilliGM-PER-M3", ucum="mg.m-3", rec20="GP"),
    )),
    Family("water-concentration", "质量浓度（水）", "mass concentration in water", "milligram-per-litre", (
        Unit("milligram-per-litre", "毫克/升", "milligrams per litre", alt="毫克每升 mg/L", qudt="MilliGM-PER-L",
             ucum="mg.L-1", rec20="M1", wikidata="Q55726194"),
    )),
    Family("mass-fraction", "质量分数", "mass fraction", "gram-per-kilogram", (
        Unit("gram-per-kilogram", "克/千克", "grams per kilogram", alt="克/公斤 克每千克 g/kg", qudt="GM-PER-KiloGM",
             ucum="g.kg-1", rec20="GK"),
    )),
    Family("sound-level", "声级", "sound level", "decibel", (
        Unit("decibel", "分贝", "decibels", alt="dB dB(A) 分贝(A)", qudt="DeciB", ucum="dB", rec20="2N"),
    )),
    Family("temperature", "温度", "temperature", "degree-celsius", (
        Unit("degree-celsius", "℃", "degrees Celsius", alt="摄氏度 °C", qudt="DEG_C", ucum="Cel", rec20="CEL"),
    )),
    Family("speed", "速度", "speed", "kilometre-per-hour", (
        Unit("kilometre-per-hour", "公里/小时", "kilometres per hour", alt="千米/小时 公里每小时 km/h", qudt="KiloM-PER-HR",
             ucum="km.h-1", rec20="KMH"),
    )),
    Family("duration", "时长", "duration", "day", (
        Unit("second", "秒", "seconds", qudt="SEC", ucum="s", rec20="SEC"),
        Unit("minute", "分钟", "minutes", "60", qudt="MIN", ucum="min", rec20="MIN"),
        Unit("hour", "小时", "hours", "3600", alt="个小时 h", qudt="HR", ucum="h", rec20="HUR", wikidata="Q25235",
             scales="万 亿"),
        Unit("day", "天", "days", "86400", alt="日 自然日", qudt="DAY", ucum="d", rec20="DAY", wikidata="Q573"),
        Unit("week", "周", "weeks", "604800", alt="个星期 星期", qudt="WK", ucum="wk", rec20="WEE"),
    )),
    Family("working-days", "工作日", "working days", "working-day", (
        Unit("working-day", "个工作日", "working days", alt="工作日"),
    )),
    Family("calendar", "年月", "calendar time", "month", (
        Unit("month", "个月", "months", alt="月", qudt_close="MO", ucum="mo", rec20="MON", wikidata="Q5151",
             zh_note="日历月。", en_note="Calendar month, not the mean month of QUDT."),
        Unit("quarter", "个季度", "quarters", "3", alt="季度"),
        Unit("year", "年", "years", "12", alt="周年", qudt_close="YR", ucum="a", rec20="ANN", wikidata="Q577",
             zh_note="日历年。", en_note="Calendar year, not the Julian year of QUDT."),
    )),
    Family("age", "年龄", "age", "year-of-age", (
        Unit("year-of-age", "岁", "years of age", alt="周岁", qudt_close="YR", ucum="a", rec20="ANN", wikidata="Q577"),
    )),
    Family("containers", "集装箱", "containers", "10k-teu", (
        Unit("teu", "标箱", "TEU (twenty-foot equivalent units)", alt="标准箱 个标箱 个标准箱 国际标准箱 TEU", rec20="20",
             scales="万 百万 千万 亿",
             zh_note="折合20英尺集装箱计；一个40英尺集装箱为2标箱。",
             en_note="One 40-foot container counts as two. QUDT has no unit for it."),
    )),
    Family("passenger-traffic", "旅客周转量", "passenger traffic", "100m-passenger-kilometre", (
        Unit("passenger-kilometre", "人公里", "passenger-kilometres", alt="人·公里 人千米", scales=BULK),
    )),
    Family("freight-traffic", "货物周转量", "freight traffic", "100m-tonne-kilometre", (
        Unit("tonne-kilometre", "吨公里", "tonne-kilometres", alt="吨·公里 吨千米", ucum="t.km", rec20="TKM", scales=BULK),
    )),
    Family("vehicle-traffic", "车辆行驶量", "vehicle traffic", "vehicle-kilometre", (
        Unit("vehicle-kilometre", "车公里", "vehicle-kilometres", alt="车·公里", scales="万 亿"),
    )),
    Family("data-volume", "数据量", "data volume", "terabyte", (
        Unit("terabyte", "TB", "terabytes", alt="太字节", qudt_close="TeraBYTE", ucum="TBy", scales="万"),
        Unit("gigabyte", "GB", "gigabytes", "0.001", alt="吉字节", qudt_close="GigaBYTE", ucum="GBy", scales="万 亿"),
        Unit("petabyte", "PB", "petabytes", "1000", alt="拍字节", qudt_close="PetaBYTE", ucum="PBy", scales="万"),
        Unit("exabyte", "EB", "exabytes", "1000000", alt="艾字节", qudt_close="ExaBYTE", ucum="EBy"),
    )),
    Family("data-rate", "数据速率", "data rate", "gigabit-per-second", (
        Unit("gigabit-per-second", "Gbps", "gigabits per second", alt="Gbit/s Gb/s 吉比特每秒", scales="万"),
        Unit("megabit-per-second", "Mbps", "megabits per second", "0.001", alt="Mbit/s Mb/s 兆比特每秒",
             qudt="MegaBIT-PER-SEC"),
        Unit("terabit-per-second", "Tbps", "terabits per second", "1000", alt="Tbit/s Tb/s"),
    )),
    Family("computing-power", "算力", "computing power", "petaflops", (
        Unit("petaflops", "PFLOPS", "petaFLOPS", alt="P PF PFlops Pflops 每秒千万亿次浮点运算", scales="万",
             zh_note="每秒一千万亿次浮点运算；报告多写作P或PF。精度（FP16、FP32等）通常不写明。",
             en_note="10^15 floating-point operations a second; printed P or PF. The precision (FP16, FP32) is seldom named."),
        Unit("exaflops", "EFLOPS", "exaFLOPS", "1000", alt="EF EFlops Eflops"),
        Unit("teraflops", "TFLOPS", "teraFLOPS", "0.001", alt="TF TFlops"),
    )),
    # amounts per something else
    Family("yuan-per-person", "人均金额", "yuan per person", "yuan-per-person", (
        Unit("yuan-per-person", "元/人", "yuan per person", alt="元每人", scales="万"),
    )),
    Family("yuan-per-month", "月金额", "yuan per month", "yuan-per-month", (
        Unit("yuan-per-month", "元/月", "yuan per month", alt="元每月 元/人·月 元/人/月 元/月·人 元每人每月"),
    )),
    Family("yuan-per-year", "年金额", "yuan per year", "yuan-per-year", (
        Unit("yuan-per-year", "元/年", "yuan per year", alt="元每年 元/人·年 元/人/年 元/年·人 元每人每年", scales="万"),
    )),
    Family("yuan-per-area", "单价（面积）", "yuan per square metre", "yuan-per-square-metre", (
        Unit("yuan-per-square-metre", "元/平方米", "yuan per square metre", alt="元每平方米 元/㎡", scales="万"),
    )),
    Family("yuan-per-mu", "亩均金额", "yuan per mu", "10k-yuan-per-mu", (
        Unit("yuan-per-mu", "元/亩", "yuan per mu", alt="元每亩", scales="万"),
    )),
    Family("yuan-per-square-kilometre", "地均金额", "yuan per square kilometre", "100m-yuan-per-square-kilometre", (
        Unit("yuan-per-square-kilometre", "元/平方公里", "yuan per square kilometre", alt="元每平方公里", scales="万 亿"),
    )),
    Family("yuan-per-tonne", "单价（质量）", "yuan per tonne", "yuan-per-tonne", (
        Unit("yuan-per-tonne", "元/吨", "yuan per tonne", alt="元每吨", scales="万"),
    )),
    Family("yuan-per-kilowatt-hour", "电价", "yuan per kilowatt hour", "yuan-per-kilowatt-hour", (
        Unit("yuan-per-kilowatt-hour", "元/千瓦时", "yuan per kilowatt hour", alt="元/度 元每千瓦时"),
        Unit("fen-per-kilowatt-hour", "分/千瓦时", "fen per kilowatt hour", "0.01", alt="分/度 分钱/千瓦时"),
    )),
    Family("energy-intensity", "能耗强度", "energy per output", "tonne-coal-equivalent-per-10k-yuan", (
        Unit("tonne-coal-equivalent-per-10k-yuan", "吨标准煤/万元", "tonnes of coal equivalent per 10 thousand yuan",
             alt="吨标煤/万元"),
    )),
    Family("water-intensity", "用水强度", "water per output", "cubic-metre-per-10k-yuan", (
        Unit("cubic-metre-per-10k-yuan", "立方米/万元", "cubic metres per 10 thousand yuan", alt="方/万元 立方米每万元"),
    )),
    Family("carbon-intensity", "排放强度", "mass per output", "tonne-per-10k-yuan", (
        Unit("tonne-per-10k-yuan", "吨/万元", "tonnes per 10 thousand yuan", alt="吨每万元"),
        Unit("kilogram-per-10k-yuan", "千克/万元", "kilograms per 10 thousand yuan", "0.001", alt="公斤/万元"),
    )),
    Family("coal-per-electricity", "供电煤耗", "coal per electricity", "gram-coal-equivalent-per-kilowatt-hour", (
        Unit("gram-coal-equivalent-per-kilowatt-hour", "克标准煤/千瓦时", "grams of coal equivalent per kilowatt hour",
             alt="克/千瓦时 克标煤/千瓦时"),
    )),
    Family("yield", "单产", "yield", "kilogram-per-mu", (
        Unit("kilogram-per-mu", "公斤/亩", "kilograms per mu", alt="千克/亩 公斤每亩 千克每亩",
             zh_note="1公斤/亩等于15公斤/公顷。", en_note="1 kg per mu is 15 kg per hectare."),
        Unit("jin-per-mu", "斤/亩", "jin per mu", "0.5", alt="斤每亩"),
    )),
    Family("density", "人口密度", "population density", "person-per-square-kilometre", (
        Unit("person-per-square-kilometre", "人/平方公里", "persons per square kilometre", alt="人每平方公里 人/平方千米",
             qudt="NUM-PER-KiloM2", ucum="{#}.km-2", scales="万"),
    )),
    Family("network-density", "路网密度", "network density", "kilometre-per-100-square-kilometre", (
        Unit("kilometre-per-100-square-kilometre", "公里/百平方公里", "kilometres per 100 square kilometres",
             alt="千米/百平方千米"),
        Unit("kilometre-per-square-kilometre", "公里/平方公里", "kilometres per square kilometre", "100", alt="千米/平方千米"),
    )),
    Family("mortality-per-output", "单位产值死亡率", "deaths per output", "person-per-100m-yuan", (
        Unit("person-per-100m-yuan", "人/亿元", "persons per 100 million yuan", alt="人每亿元"),
        Unit("person-per-10b-yuan", "人/百亿元", "persons per 10 billion yuan", "0.01", alt="人每百亿元"),
    )),
    Family("area-per-person", "人均面积", "area per person", "square-metre-per-person", (
        Unit("square-metre-per-person", "平方米/人", "square metres per person", alt="平方米每人 ㎡/人"),
    )),
    Family("per-population", "每人口数量", "number per population", "per-10k-persons", (
        Unit("per-10k-persons", "个/万人", "per 10 thousand persons", alt="件/万人 人/万人 家/万人 辆/万人 个每万人 人年/万人"),
        Unit("per-1k-persons", "个/千人", "per thousand persons", "10", alt="张/千人 人/千人 张每千人 床/千人"),
        Unit("per-100-persons", "个/百人", "per hundred persons", "100", alt="部/百人 户/百人 部每百人"),
        Unit("per-100k-persons", "人/十万人", "per 100 thousand persons", "0.1", alt="1/10万 人/10万人 /10万 1/十万"),
    )),
    Family("per-households", "每百户数量", "number per 100 households", "per-100-households", (
        Unit("per-100-households", "个/百户", "per hundred households", alt="辆/百户 台/百户 部/百户"),
    )),
    Family("books-per-person", "人均藏书", "books per person", "book-per-person", (
        Unit("book-per-person", "册/人", "books per person", alt="本/人 册（件）/人"),
    )),
)

NUMBER = Unit(
    "number", "数", "number", qudt="NUM", ucum="{#}", rec20="C62", scales=BULK,
    zh_note="没有量词的数，如“新增就业20万”；也是所有量词的基本单位。",
    en_note="A number printed without a counter, as in 新增就业20万; the base unit of every counter.",
)

# Counters: (slug, zh, en, alt, rec20, multipliers). All count one by one.
COUNTERS = (
    ("item", "个", "items", "", "C62", COUNTS),
    ("enterprise", "家", "enterprises or institutions", "家次", "", COUNTS),
    ("household", "户", "households or businesses", "", "", COUNTS),
    ("person", "人", "persons", "名", "IE", COUNTS),
    ("place", "位", "places or persons", "个位次 位次", "", "万"),
    ("visit", "人次", "person-times", "人·次 个人次", "", COUNTS),
    ("household-visit", "户次", "household-times", "", "", COUNTS),
    ("entry", "项", "entries (tasks, policies, permits)", "", "", COUNTS),
    ("piece", "件", "pieces (patents, cases, goods)", "件次", "H87", COUNTS),
    ("set", "套", "sets (homes, equipment)", "台套 台（套） 台(套) 台/套", "SET", COUNTS),
    ("home", "套（间）", "homes or rooms", "套(间) 套/间 间（套）", "", COUNTS),
    ("sheet", "张", "sheets (beds, certificates)", "张床 张床位", "", COUNTS),
    ("line", "条", "lines (roads, routes, rivers)", "", "", COUNTS),
    ("stretch", "条（段）", "lines or stretches", "条(段) 条/段 条段 段", "", "万"),
    ("structure", "座", "structures (stations, bridges)", "", "", COUNTS),
    ("school", "所", "schools or institutions", "", "", COUNTS),
    ("site", "处", "sites", "", "", COUNTS),
    ("team", "支", "teams or funds", "", "", COUNTS),
    ("transaction", "笔", "transactions", "", "", COUNTS),
    ("copy", "份", "copies or documents", "", "", COUNTS),
    ("kind", "种", "kinds", "", "", "万"),
    ("category", "类", "categories", "", "", "万"),
    ("batch", "批", "batches", "批次", "", COUNTS),
    ("satellite", "颗", "satellites or grains", "", "", COUNTS),
    ("medal", "枚", "medals or stamps", "", "", COUNTS),
    ("vehicle", "辆", "vehicles", "标辆", "", COUNTS),
    ("vehicle-trip", "辆次", "vehicle-times", "车次", "", COUNTS),
    ("aircraft", "架", "aircraft", "", "", "万"),
    ("flight", "架次", "aircraft movements", "", "", COUNTS),
    ("scheduled-trip", "班", "scheduled trips or classes", "班次 个班次", "", COUNTS),
    ("train", "列", "trains", "列次", "", COUNTS),
    ("vessel", "艘", "vessels", "", "", COUNTS),
    ("vessel-call", "艘次", "vessel calls", "", "", COUNTS),
    ("machine", "台", "machines", "", "", COUNTS),
    ("standard-bus", "标台", "standard vehicles", "", "", "万"),
    ("work", "部", "works, laws or telephones", "", "", COUNTS),
    ("article", "篇", "articles", "", "", COUNTS),
    ("event", "场", "events", "场次", "", COUNTS),
    ("time", "次", "times", "", "", COUNTS),
    ("incident", "起", "incidents or cases", "", "", COUNTS),
    ("case", "例", "cases", "例次", "", COUNTS),
    ("lot", "宗", "lots or transactions", "", "", COUNTS),
    ("round", "轮", "rounds", "轮次", "", ""),
    ("model", "款", "models", "", "", "万"),
    ("issue", "期", "issues or courses", "", "", "万"),
    ("course", "门", "courses or telephone lines", "", "", COUNTS),
    ("point", "分", "points", "", "", ""),
    ("building", "栋", "buildings", "幢", "", COUNTS),
    ("room", "间", "rooms", "", "", COUNTS),
    ("block", "块", "blocks, plots or medals", "宗地", "", COUNTS),
    ("tract", "片", "tracts or pieces", "", "", COUNTS),
    ("tree", "株", "trees or plants", "棵", "", COUNTS),
    ("animal", "只", "animals or pieces", "", "", COUNTS),
    ("head", "头", "head of livestock", "头（只） 头(只)", "HEA", COUNTS),
    ("poultry", "羽", "poultry", "", "", COUNTS),
    ("fish", "尾", "fish", "", "", COUNTS),
    ("lamp", "盏", "lamps", "", "", COUNTS),
    ("rod", "根", "rods or posts", "", "", COUNTS),
    ("pair", "对", "pairs", "", "", COUNTS),
    ("group", "组", "groups", "", "", COUNTS),
    ("well", "口", "wells", "眼", "", COUNTS),
    ("book", "册", "books", "", "", COUNTS),
    ("volume", "卷", "volumes", "卷（册） 卷(册)", "", COUNTS),
    ("title", "本", "books or certificates", "", "", COUNTS),
    ("share", "股", "shares", "", "", "万 亿"),
    ("dose", "剂次", "vaccine doses", "针次 剂", "", COUNTS),
    ("berth", "泊位", "berths", "", "", ""),
    ("class-hour", "学时", "class hours", "课时 个学时", "", COUNTS),
    ("circle", "圈", "rounds or circles", "", "", ""),
)

COUNTER_NOTES = {
    "place": ("排名中的位次（“上升2位”）；也是人的敬称量词（“2位院士”）。",
              "A place in a ranking (上升2位, up two places); also a polite counter for persons (2位院士)."),
    "visit": ("同一人来几次计几人次，不是人数。", "A person who comes twice counts twice: not a number of persons."),
    "household": ("居民户或市场主体，随所数的对象而定。", "Households or business entities, as the noun says."),
    "enterprise": ("企业或机构；“惠及企业3万家次”的“家次”按次计。", "Enterprises or institutions; 家次 counts each occasion."),
}


def families() -> Iterator[Family]:
    """All families, counters last."""
    yield from FAMILIES
    yield Family("number", "数", "numbers", "number", (NUMBER,))
    for slug, zh, en, alt, rec20, scales in COUNTERS:
        zh_note, en_note = COUNTER_NOTES.get(slug, ("", ""))
        unit = Unit(slug, zh, en, alt=alt, qudt_close="NUM", ucum="{#}", rec20=rec20, scales=scales,
                    zh_note=zh_note, en_note=en_note)
        yield Family(slug, f"量词“{zh}”", f"counter {zh}: {en}", slug, (unit,))


def _base(family: Family) -> str:
    counted = family.slug == "number" or any(family.slug == row[0] for row in COUNTERS)
    return NUMBER.slug if counted else family.units[0].slug


def _plain(unit: Unit, family: Family) -> str:
    return block(f"unit:{unit.slug}", [
        ("a", "plan:Unit"),
        ("rdfs:label", [text(unit.zh, "zh"), text(unit.en, "en")]),
        ("skos:altLabel", texts(unit.alt.split(), "zh")),
        ("rdfs:comment", [text(unit.zh_note, "zh") if unit.zh_note else "",
                          text(unit.en_note, "en") if unit.en_note else ""]),
        ("plan:family", f"<https://w3id.org/plankg/unit/family/{family.slug}>"),
        ("plan:baseUnit", f"unit:{_base(family)}"),
        ("plan:factor", decimal(unit.factor)),
        ("plan:ucum", text(unit.ucum) if unit.ucum else ""),
        ("plan:rec20", text(unit.rec20) if unit.rec20 else ""),
        ("skos:exactMatch", [f"qudt:{unit.qudt}" if unit.qudt else "",
                             f"wd:{unit.wikidata}" if unit.wikidata else ""]),
        ("skos:closeMatch", f"qudt:{unit.qudt_close}" if unit.qudt_close else ""),
    ])


def _scaled(unit: Unit, family: Family, scale: str) -> str:
    slug, en, factor = SCALES[scale]
    labels = [unit.zh, *unit.alt.split()]
    own = scale + unit.zh if unit is not NUMBER else scale
    others = [scale + one for one in labels[1:]]
    ten = factor.adjusted()
    ucum = f"10*{ten}.{unit.ucum}" if unit.ucum and unit.ucum[0].isalpha() else ""
    return block(f"unit:{slug}-{unit.slug}", [
        ("a", "plan:Unit"),
        ("rdfs:label", [text(own, "zh"), text(f"{en} {unit.en}" if unit is not NUMBER else en, "en")]),
        ("skos:altLabel", texts(others, "zh")),
        ("plan:family", f"<https://w3id.org/plankg/unit/family/{family.slug}>"),
        ("plan:baseUnit", f"unit:{_base(family)}"),
        ("plan:factor", decimal(Decimal(unit.factor) * factor)),
        ("plan:ucum", text(ucum) if ucum else ""),
    ])


def blocks() -> Iterator[str]:
    """Each family, then its units, then their scaled forms."""
    for family in families():
        yield block(f"<https://w3id.org/plankg/unit/family/{family.slug}>", [
            ("a", "plan:UnitFamily"),
            ("rdfs:label", [text(family.zh, "zh"), text(family.en, "en")]),
            ("plan:baseUnit", f"unit:{_base(family)}"),
            ("plan:referenceUnit", f"unit:{family.reference}"),
        ])
        for unit in family.units:
            yield _plain(unit, family)
            for scale in unit.scales.split():
                yield _scaled(unit, family, scale)


def turtle() -> str:
    """The text of ``units.ttl``."""
    return document(HEADER, ["plan", "qudt", "rdfs", "skos", "unit", "wd"], blocks())


if __name__ == "__main__":
    OUT.write_text(turtle(), encoding="utf-8")
