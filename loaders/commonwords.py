"""What part of a phrase is common to the genre, and what only one place says.

A proper name is what is left when the words that reports of many provinces share are taken away: of
``国信沙洲支撑性电源项目`` that is ``国信沙洲``, of ``重点产业项目`` nothing. The words lie in ``lexicon/common-words.toml``.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

#: Single characters that build common nouns: half a word, so that two of them side by side may be a name.
SMALL: Final = frozenset(
    "的和与及或等新老大小中高低上下内外前后东西南北市区县省州镇乡村级型化类性业园馆院站厂港路桥线街道楼城河湖江山岛海所校处段期一二三四五六七八九十两个各"
)
#: Words of products, trades and works that are common without being frequent.
MORE: Final = frozenset(
    """半导体 集成电路 生物医药 新能源 新材料 锂电池 光伏 储能 风电 氢能 核电 芯片 汽车 零部件 电子 信息 医疗 器械 装备 机器人 航空 航天 航天器 钢铁 化工 石化
    纺织 冶金 建材 食品 医药 农产品 冷链 物流 仓储 快递 电商 跨境 软件 算力 数据 大数据 云计算 人工智能 物联网 互联网 传感器 新型显示 显示 面板 电池 材料 制造 研发 检测
    生产线 产线 改扩建 扩建 迁建 改造 提升 升级 整治 治理 修复 修缮 拓宽 延伸 快速化 管廊 管网 管道 污水 雨水 自来水 供水 排水 给水 防洪 排涝 除涝 疏浚 清淤 河道 水环境 黑臭 水体
    生态 廊道 湿地 公园 绿地 绿道 口袋 道路 公路 铁路 高铁 城际 高速 隧道 大桥 枢纽 港口 码头 泊位 航道 船闸 机场 航站楼 跑道 车站 客运站 停车场 停车位 充电桩 轨道 交通 地铁
    学校 小学 中学 初中 高中 大学 学院 校区 幼儿园 职校 医院 卫生院 门诊 病房 急诊 公卫 疾控 妇幼 保健 康复 养老 托育 福利 救助 殡葬 文化 体育 图书馆 博物馆 美术馆 科技馆 档案馆 纪念馆
    剧院 影院 体育馆 体育场 广场 商业 综合体 街区 步行街 酒店 市场 农贸市场 老旧 小区 安置房 保障房 保障性 租赁 住房 棚户区 棚改 城中村 危旧房 房屋 征收 补偿 地块 片区 厂房 载体 孵化器 加速器
    平台 基地 中心 实验室 研究院 研究所 工程 项目 计划 行动 高标准 农田 灌区 水库 水利 电站 电厂 热电 火电 水电 抽水 蓄能 变电站 输变电 电网 电力 电源 天然气 油气 接收站 储气库 煤矿 热力 供热
    志愿 服务 社区 街道 便民 政务 智慧 数字 智能 绿色 低碳 无废 科创 人才 公寓 社会事业 基础设施 民生 实事 安全 消防 应急 综合 一体化 标准化 现代化 专业 特色 精品 示范 试点 重点 重大 重要 省级 市级 区级 县级
    通道 城区 老城 老城区 港口 新兴 虚拟 直连 干线 支线 招商 引资 零碳 近零碳 强基 焕新 强省 强市 强县 强区 生鲜 单品 算电 提质增效 高原病 数贸 低空经济 银发 育种 大中型 转运 池塘 牧场 支撑性 互通 工人 振兴 资源 富民 合作 复兴 清新 安居 灯塔 港区 国家级 国家 全国 全省 全市 全区 全县 新建 续建 在建 拟建 新开工 竣工 开工 建设 实施 推进 促进 开展 专项 主体 一期 二期 三期 四期 五期 首期 首批 首个 首家 二手 平方公里 平方米 村庄 农村 乡村 城市 城镇 城乡 北站 南站 东站 西站""".split()
)
LATIN_COMMON: Final = frozenset(
    "5g 6g gdp ai bim it app pm r d vr ar lng led oled tft ipo esg rcep ppp reits cng voc vocs kv iptv ofdi qflp igbt pet pe pp pc pvc".split()
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z.&-]*\d*")
_NUMBER = re.compile(r"\d[\d.,]*")
_SIGNS = frozenset("、，（）()“”‘’《》·•・—-－~～/— ：:+")


@dataclass(frozen=True, slots=True)
class Parse:
    """How a phrase divides. ``strange`` counts its characters outside common words (small ones half)."""

    strange: float
    tail: int  #: where the common words at the end of the phrase begin


@cache
def words() -> frozenset[str]:
    """The common words; read once."""
    path = Path(__file__).parent / "lexicon" / "common-words.toml"
    return frozenset(tomllib.loads(path.read_text("utf-8"))["words"].split()) | MORE


@lru_cache(maxsize=20_000)
def parse(phrase: str) -> Parse:
    """The cheapest division of a phrase into common words and a rest. Linear in its length.

    >>> parse("重点产业项目").strange
    0.0
    >>> parse("国信沙洲支撑性电源项目").strange >= 1, "国信沙洲支撑性电源项目"[parse("国信沙洲支撑性电源项目").tail :]
    (True, '支撑性电源项目')
    """
    known = words()
    cost = [0.0] + [float("inf")] * len(phrase)
    step = [0] * (len(phrase) + 1)
    strange_at = [False] * (len(phrase) + 1)
    for i in range(len(phrase)):
        here = cost[i]
        for size in range(min(6, len(phrase) - i), 1, -1):
            if here < cost[i + size] and phrase[i : i + size] in known:
                cost[i + size], step[i + size], strange_at[i + size] = here, size, False
        match = _NUMBER.match(phrase, i) or _LATIN.match(phrase, i)
        if match:
            strange = match[0][0].isalpha() and match[0].lower().rstrip("0123456789.-&") not in LATIN_COMMON and match[0].lower() not in LATIN_COMMON
            price = here + (1.0 if strange else 0.0)
            if price < cost[match.end()]:
                cost[match.end()], step[match.end()], strange_at[match.end()] = price, len(match[0]), strange
        price = here if phrase[i] in _SIGNS else here + (0.5 if phrase[i] in SMALL else 1.0)
        if price < cost[i + 1]:
            cost[i + 1], step[i + 1], strange_at[i + 1] = price, 1, price > here
    at = len(phrase)
    while at and not strange_at[at]:
        at -= step[at]
    return Parse(cost[-1], at)
