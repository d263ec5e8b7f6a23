"""The words reports speak of projects with: what projects are called by, and what is said to happen to them.

Tables only; :mod:`loaders.projects` reads with them, ``tests/data/projects.toml`` holds an example of each.
"""

import re
from collections.abc import Container
from functools import lru_cache
from typing import Final, Literal

from loaders.model import ProjectStatus

#: What a verb says of a project. Review and plan turn it into a status by :data:`STATUS`.
Stage = Literal[
    "plan", "sign", "start", "proceed", "milestone", "finish", "operate", "launch", "build", "join", "run", "push", "cancel"
]

#: stage -> (status in a review, status in a plan: what is to be built is not yet built)
STATUS: Final[dict[Stage, tuple[ProjectStatus, ProjectStatus]]] = {
    "plan": ("planned", "planned"),
    "sign": ("signed", "planned"),
    "start": ("started", "planned"),
    "proceed": ("under_construction", "under_construction"),
    "push": ("under_construction", "under_construction"),
    "milestone": ("under_construction", "under_construction"),
    "build": ("completed", "under_construction"),
    "join": ("under_construction", "planned"),
    "finish": ("completed", "under_construction"),
    "operate": ("in_operation", "under_construction"),
    "launch": ("in_operation", "planned"),
    "run": ("in_operation", "in_operation"),
    "cancel": ("cancelled_or_deferred", "cancelled_or_deferred"),
}
#: of several stages in one clause, the first of these counts
PRIORITY: Final[tuple[Stage, ...]] = (
    "cancel", "plan", "run", "operate", "milestone", "finish", "start", "launch", "sign", "join", "build", "proceed", "push"
)  # fmt: skip


def _table(**words: str) -> dict[str, Stage]:
    return {word: stage for stage, line in words.items() for word in line.split()}  # type: ignore[misc]


#: predicates at the end of a clause: 独墅湖南隧道、金鸡湖隧道|建成通车
EVENTS: Final = _table(
    plan="前期工作 前期研究 前期 研究工作 规划研究 可行性研究 可研 论证 勘察设计 规划设计 方案 改造方案设计 发展规划 建设规划 谋划 获批建设 获批 获批立项 获核准 获批复 立项 核准 批复 选址 报批",
    sign="签约 签约落地 落地 落户 落地落户 签约落户 摘牌 成功签约",
    start="开工 开工建设 开建 动工 动工建设 启动 启动建设 启动实施 奠基 破土动工 开工奠基 批准成立 获批成立 进场施工 启动区开工",
    proceed="推进 建设 实施 施工 建设中 开工建设中 施工中 征迁 进展顺利 提速 全面提速 放量 复工 续建 攻坚 后续建设 后续建设任务 建设任务 建设工作 建设进度 工程建设 规划建设 落地建设 开发 开发建设 完善 更新工作 建设步伐 加快 加速 全速推进 全力推进 见效",
    milestone="主线贯通 全线贯通 贯通 隧道贯通 双线贯通 封顶 结构封顶 合龙 洞通轨通电通 洞通 轨通 电通 铺轨 下闸蓄水 蓄水 试通水 联调联试 试车 吊装 成功校飞 校飞 点火 截流 大坝封顶 点火成功 冲刺收尾 收尾 首飞",
    finish="竣工 完工 建成 完成 交付 收官 交工验收 竣工验收 完工验收 通过验收 验收 竣工备案 出新 落成 全面建成 达产达效项目 建成封顶",
    operate="投产 投用 投运 启用 投入使用 投入运营 投入运行 投入生产 通车 通车运行 通车运营 建成通车 建成投用 建成投运 建成投产 建成启用 建成运行 建成使用 竣工投产 竣工投用 竣工投运 "
    "开通 开通运营 运营 试运营 运行 试运行 建成试用 试运转 建成试运转 上线 上线运行 上线运营 上线试运行 开园 开园运行 开业 开业运营 试营业 营业 开学 招生 建校招生 揭牌 揭牌启用 揭牌运行 揭牌成立 挂牌 成立 达产 达产达效 达效 满产 投产达产 "
    "释放产能 通水 建成通水 通航 建成通航 并网 并网发电 建成发电 发电 投产发电 投产送电 送电 封关运作 封关 首航 开航 开通首发 首发 开放 对外开放 建成开放 建成开园 免费开放 开馆 落成启用 交付使用 开诊 通邮 通气 全面推开 全面铺开 点亮 投入试运行 启动运营 扩区 建成见效 启用运行 竣工达产",
    run="产能爬坡 常态化运行 常态化维护 稳定运行 高效运营 顺利运营 高效运行",
    cancel="取消 暂缓 暂缓实施 暂缓建设 推迟 顺延 终止 停建 暂不列入 不再实施 不再建设 停工",
)
#: that only the main structure is meant: 主体|竣工 is no completion
MAIN: Final = frozenset("主体 主体工程 主体结构 土建 土建工程 主桥 主塔 桩基 一标段".split())
#: words between subject and predicate, and before a verb
ADVERBS: Final = frozenset(
    "加快 加速 有序 稳步 全面 扎实 顺利 正式 成功 提前 提前百日 如期 相继 陆续 全部 全速 全力 高标准 高标 高质量 高水平 高起点 高效 高规格 深入 持续 基本 已 均 将 即 就 实现 上半年 下半年 年内 年底 年末 今年 盛大 圆满 率先 同步 抓紧 "
    "即将 也 先后 有力 有效 积极 稳妥 纵深 全域 大力 继续 统筹 着力 重点 努力 提速 加力 尽快 创新 切实 进一步 更大力度 认真 协同 聚力 倾力 务实 精心 科学 首次 强势 快速 前瞻 超前 适时 适度 并 且 而 又 其中 同时 目前 此外 年内将 已经 正在 正 得以 按期 按时 "
    "分批 分期 逐步 全程 全线 平稳 试点 早日 不载客 集中 工作 力争 在全国率先 在全省率先 在全市率先 在全国 在全省 严格 坚决 坚定不移 坚定 常态化 优质 优质高效 高效率 安全 的 至 也已 如愿 加大力度 加紧 全年 当年 五年来 一年来 蓄势 "
    "突破性 历史性 最终 完美 火热 如火如荼".split()
)
#: verbs before the object: 加快建设|纳米真空互联实验站、昆山超级计算中心
VERBS: Final = _table(
    plan="谋划 规划 布局 谋划建设 规划建设 谋划推进 谋划布局 前瞻布局 争取 谋划实施 论证 获批 获批建设 启动前期",
    sign="引进 签约 招引 招引落户 引进落地 签约引进 落户 落地 引育",
    start="开工 开工建设 新开工 开建 启动 启动建设 启动实施 启动改造 动工建设 改扩建",
    proceed="推进 建设 实施 新建 续建 扩建 改造 布局建设 推进实施 推进建设 建设完善 建设提升 组织实施 统筹建设 推进落实 更新 升级",
    push="推动 促进 支持 配合 保障 服务保障 确保 力争 做好 抓好 办好 全力配合 服务 加快 加速 提速 促成 协调推进 协调 加大 抢抓 狠抓 紧盯 力促",
    finish="建成 完成 完工 竣工 交付 基本建成 全面建成",
    operate="建成投用 建成投运 建成启用 建成运行 建成使用 投用 投运 启用 开通 上线 上线运行 投产 启动运营 建成投产 建成通车 建成运营 落成 建成开放 新投用 正式启用 通车 开通运营",
    launch="推出 首发 发布 挂牌成立 揭牌 揭牌成立 挂牌 推行 试点推出",
    build="打造 构建 建起 创成 精心打造 倾力打造",
    join="共建 合作共建 联合共建 合建 筹建 筹划",
    run="用好 运营 高效运营 建强用好 建好用好 管好用好 建设运行 运行 成功运行 高效运作 运作 高质量运行 做大做强 做强 做优 提升 持续提升 优化实施 建强 建设好 建好 用足用好 建设运营",
)
#: a clause that opens with one of these speaks of honours, bodies or rules, not of projects
OTHER_VERBS: Final = frozenset(
    "争创 创建 申报 培育 组建 设立 成立 组建成立 成立运行 获评 入选 新增 举办 承办 出台 制定 修订 印发 编制 认定 新认定 评选 荣获 获得 斩获 列入 纳入 累计 设置 建立 健全 完善 深化 强化 加强 落实 坚持 探索 鼓励 引导 扩大 优化 提高 增强 巩固 规范 维护 防范 化解 淘汰 关停 整合 出让 办理 办结 "
    "综合考虑 考虑 考虑到 结合 开展 扩面 发放 发行 盘活 腾退 举行 参与 积极参与 参加 融入 深度融入 对接 借助 依托 利用 围绕 聚焦 统筹用好 充分 发挥 壮大 树立 打好 讲好 擦亮 放大 拓展 推广 严控 严查 开放 开行 兑现 执行 贯彻 贯彻落实 全面落实 学习 宣传 弘扬 传承 加入 通过 接受 跻身 位列 位居 连续 新开 复航 加密 集聚 打通 汇聚 扩增 抓实 实打实 新一批".split()
)

Kind = Literal["transport", "water", "energy", "industry", "science", "education", "health", "care", "culture", "urban", "environment", "service", "works"]

#: nouns that named projects end in, by kind. A name of common words alone needs a strong event beside such a noun.
HEADS: Final[dict[Kind, str]] = {
    "transport": "铁路 高铁 城际 城际铁路 高速 高速公路 公路 国道 省道 县道 快速路 快速通道 高架 大道 路 街 桥 大桥 特大桥 隧道 通道 过江通道 互通 枢纽 航道 码头 港区 机场 航站楼 跑道 站房 站 北站 南站 东站 西站 高铁站 火车站 客运站 "
    "线 号线 延伸线 连接线 联络线 复线 专用线 旅游线 绕城线 绕城 绕城段 先导段 首开段 段 二环 三环 一环 四环 内环 外环 环线 环路 有轨电车 地铁 轨道交通 泊位 锚地 运河 船闸 航空港 铁路港 货运站 物流港 货场 云轨 廊桥 停车场 停车楼",
    "water": "水厂 泵站 闸 闸站 水闸 水库 灌区 水利枢纽 引水 调水 供水 引调水 堤防 蓄滞洪区 水源地 水系 防洪 排涝 大坝 干渠 水网",
    "energy": "电站 水电站 电厂 热电 火电 核电 风电 风电场 光伏 光伏电站 储能 储能电站 抽水蓄能 抽水蓄能电站 变电站 输变电 换流站 特高压 直流 电源 支撑电源 燃机 机组 接收站 储气库 油库 气库 管廊 管网 管道 天然气管线 煤矿 煤制烯烃 气田 油田 充电站 加氢站 输电 绿电 送电 西气东输 三线",
    "industry": "基地 产业园 产业基地 产业港 产业城 科技园 科创园 创新园 软件园 物流园 工业园 创业园 电商园 智造园 总部园 园区 工厂 厂 总部大厦 大厦 总部基地 母港 生产线 产线 产业园区 灯塔工厂 云仓 加速器 孵化器 创新港 科创港 科技谷 智谷 智造谷 小镇 数据中心 智算中心 超算中心 算力中心 开园 农场 牧场 集散中心 交易市场 物流中心 门店 会员店 灯具园 承载区 启动区 储能谷 储备库 粮库 冷库 厂区 产业化 技改 扩产 中试线 创新创业街区 科创街区 创业街区 创新街区",
    "science": "科创城 科技城 产业新城 实验室 研究院 研究所 实验站 创新中心 技术创新中心 计算中心 超级计算中心 转化中心 研修院 科学装置 大科学装置 科技基础设施 大科学计划 望远镜 光源 装置 平台 服务平台 基础平台 信息平台 管理平台 平台体系 运行平台 试验场 测试场 分院 科学城 中试平台 工作站",
    "education": "学校 小学 二小 三小 一小 实小 中学 初中 高中 一中 二中 三中 四中 附中 附小 大学 学院 师范学院 校区 分校 幼儿园 幼儿园分园 职校 技师学院 书院 教育港 足球学校 职教中心 教育园 分园",
    "health": "医院 分院 院区 卫生院 医学中心 医疗中心 区域医疗中心 诊疗中心 公卫中心 疾控中心 保健院 保健所 妇保院 急救中心 急救站 病房楼 住院楼 住院综合楼 综合楼 门诊楼 方舱医院 精神卫生中心 卫生服务中心 血站 康复中心",
    "care": "养老院 福利院 福利中心 敬老院 养老服务中心 康养中心 医养中心 托育中心 邻里中心 睦邻中心 救助站 救助管理站 服务站 助餐点 零工驿站 驿站 殡仪馆 公墓 服务站（点） 活动中心 颐养园 儿童之家 敬老中心",
    "culture": "博物馆 博物院 美术馆 图书馆 科技馆 文化馆 档案馆 纪念馆 展览馆 展示馆 体育馆 体育场 体育中心 奥体中心 文化中心 艺术中心 会展中心 博览中心 国际会议中心 剧院 大剧院 文化宫 少年宫 文化园 公园 遗址公园 文化公园 故居 旧址 纪念园 乐园 度假区 度假村 景区 冰雪世界 古镇 古街 影视城 新馆 版本馆 展示中心 博览园 书房 动物园 植物园 风情街 德风街 大观园 滑雪场 运动公园 剧场 音乐厅 游客中心 体验馆 文化艺术中心 文化街区 历史街区",
    "urban": "广场 城市客厅 商业街区 商业综合体 综合体 购物中心 商业中心 酒店 大酒店 人才公寓 公寓 安置房 保障房 置换房 社区中心 党群服务中心 街区 商业街 步行街 万象城 城市生活广场 生活广场 市民中心 商场 奥莱 奥特莱斯 免税店 商务中心 太古里",
    "environment": "污水厂 污水处理厂 水质净化厂 净化厂 净化中心 水质净化中心 再生水厂 焚烧厂 发电厂 焚烧发电厂 填埋场 处置中心 垃圾转运站 转运站 生态廊道 廊道 绿廊 绿道 湿地公园 绿岛 再生水",
    "service": "中心 分中心 服务中心 法院 消防站 派出所 检测中心 指挥中心 客运中心 交易中心 法务区 综合服务中心 会客厅 纪念馆 特勤站 保护中心 促进中心 治理中心 速裁中心 结算中心 调解中心 交流中心 贸易港 综保区 保税区 保税港区 口岸",
    "works": "工程 项目 改造 改扩建 扩建 迁建 新建 整治 综合整治 综合治理 治理 修复 修缮 更新 自主更新 延伸 东延 西延 南延 北延 拓宽 快速化 提标 提标改造 扩容 扩容改造 一体化改造 提升改造 改造提升 扩能 扩能改造 搬迁 加固 除险加固 升级 升等改造 环境提升 改建 出新 文物修缮 风貌改造 清淤 疏浚 征收 拆迁 征收拆迁 所转院 电气化改造 城市更新 倍增 综合利用 二期 三期",
}
#: nouns that name a project only beside a strong event, or in quotes: areas and campaigns rather than works
AREAS: Final = "示范区 试验区 先导区 集聚区 实验区 功能区 合作区 新城 片区 地块 岛 港 湾 湾区 街道 智能体"


_KIND_OF: Final = {word: kind for kind, line in HEADS.items() for word in line.split()}
_WORKS: Final = frozenset(HEADS["works"].split())
_AREAS: Final = frozenset(AREAS.split())


def _ending(text: str, words: Container[str], size: int) -> str:
    longest = min(size, len(text) - 1)
    return next((text[-n:] for n in range(longest, 1 if len(text) < 3 else 0, -1) if text[-n:] in words), "")


@lru_cache(maxsize=20_000)
def head(phrase: str) -> str:
    """The head noun a phrase ends in, with something before it; else an empty string.

    >>> head("独墅湖南隧道"), head("大族激光"), head("龙江路快速化")
    ('隧道', '', '快速化')
    """
    return _ending(phrase.removesuffix("建设"), _KIND_OF, 8)


@lru_cache(maxsize=20_000)
def work(phrase: str) -> str:
    """The word for work on something that a phrase ends in: 工程, 改扩建."""
    return _ending(phrase.removesuffix("建设"), _WORKS, 8)


def thing(phrase: str) -> str:
    """The head noun of a thing, not of work on it: a road, a school, a plant."""
    found = head(phrase)
    return "" if found in _WORKS else found


def area(phrase: str) -> str:
    """The noun of an area a phrase ends in: 示范区, 片区."""
    return _ending(phrase, _AREAS, 4)


def kind_of(name: str) -> Kind | None:
    """The kind of project by the noun its name ends in, or that stands before 工程, 项目 and the like."""
    core = re.sub(r"[（(][^（）()]*[)）]|[“”‘’]|[一二三四五六七八九十]期$", "", name)
    found: Kind | None = None
    while core and (end := head(core)):
        found = _KIND_OF[end]
        if found != "works":
            return found
        core = core[: core.rindex(end)]
    return found


#: what follows 等 when the names before it are projects: 等|50个|市级重点|项目
PROJECT_CLASS: Final = re.compile(
    r"(?:项目|工程|载体|平台载体|标志|地标|设施|节点|站点|机构|科研平台|功能性项目|重器|任务)(?:包|群)?$"
)
#: classes of things that are no projects although they end like one
NO_CLASS: Final = re.compile(
    r"领域|行业|产业(?!园|基地|港|城)|商圈|隐患|专项行动|违法|大排查|政策|制度|活动|(?:企业|产业|展会|论坛|赛事|集团|公司|部门|单位|地区|城市|品牌|改革|任务|机制|方面|问题|工作|指标|场景|人才|基金|产品|技术|设备|装备|贷款|资源|要素|举措|行动|服务|攻关项目|研究项目)$"
)
#: phrases that name no single thing: by how they begin, and by what stands in them
VAGUE: Final = re.compile(
    r"^(?:各|所有|一批|一大批|若干|多|部分|其他|相关|有关|全市|全区|全县|全省|全国(?!性)|我市|我区|我省|我县|我们|这|该|本|更|一系列|首批|新一批|最|以|标志|应用|始终|在(?!建)|从|对(?!外)|为|把|将|使|让|由|按|与"
    r"|和(?!平|谐)|及|或|不|没|未(?!来)|无(?!锡|人)|也|又|都(?!江|昌|匀|安|市)|用(?!友)|[（(]|[一二三四五六七八九十]是|每|\d+[.．、]|“[一二两三四五六七八九十双百千万]+[\u4e00-\u9fff]{0,2}”|\d{4}年|“[一二两三四五六七八九十\d+]+[^”]*”$)"
    r"|\d(?:余|多)?(?:个|家|条|座|所|项|处|套|户|台|件|名|人|类|批|种|场|次|支)(?!园|庄|屯)|\d(?:余|多)?(?:万|亿)?(?:公里|亩)$"
    r"|(?<![高中初平同优均相])等(?!级|于)|[市县省乡]?[镇村县乡][三四五两]级|各级|绿色通道|断头路|瓶颈路|热线$|航线$|项目库|国债|债券|(?:重大|重点)(?:项目|工程)$|国家和省|[和、](?:国家|省|市)级|为主|(?<!片区)(?<!地块).的.|实现|《|\d%|超低排放|向.*延伸|船舶$"
    r"|试点城市|辐射中心|由[^、]{2,16}作为|“[一二两三四五六七八九十\d+][^”]*”$|[市区县]建设(?!和)|一带一路|“两重”|“两新”"
    r"|(?:深化|推动|加快|推进|支持|申建|抓实|推介|引导|鼓励|加强|强化|落实|扩大|通过|批复|突破)|.{2,}(?:打造|设立|参与|创建|争创|开展|深度|拓展|对接|迈向|做强|做大|建设(?=世界|国家|全国|一流|特色|国际|高|区域|美))"
    r"|(?:国际|区域|地区|综合|西部|国家|现代|上游|枢纽|重要)[^、]{0,8}(?:(?<!技术)创新中心|金融中心|航运中心|消费中心|贸易中心|科创中心|物流枢纽|航空枢纽|交通枢纽|货运枢纽|制造基地|能源基地|供给基地|生产基地|保供基地|供给地|目的地)$"
    r"|(?:省|市|区|县|国家)级$"
)
#: what is no project unless it stands in a list of projects: 星河动力航天设备等项目
ABSTRACT: Final = re.compile(
    r"(?:企业|产业|行业|集团|公司|人员|市场主体|经济|投资|资金|改革|政策|机制|制度|能力|水平|质量|效率|环境|格局|战略|目标|任务|工作|精神|理念|思想|活动|大会|论坛|比赛|赛事|运动会|标准|指数|指标|(?<!科学)计划|收入|消费|产值|规模|人才|团队|队伍|成果"
    r"|技术|产品|设备|装备|数量|比例|面积|行为|管理|监管|问题|情况|力度|步伐|模式|场景|功能|形象|样板|标杆|高地|典型|案例|试点|协议|备忘录|报告|条例|办法|意见|规定|立法)$"
)
#: a common name that a project cannot have alone: 重点项目, 民生实事工程
GENERIC: Final = re.compile(
    r"(?:重点|重大|产业|产业化|工业|民生|实事|微实事|攻关|试点|签约|在建|续建|新建|拟建|政府投资|省级?|市级?|区级?|投资|技改|科技|招商|合作|配套|基础设施|各类|优质|外资|内资|德资|补短板|房地产|建设|示范|重要|一般|大型|农业|服务业|制造业|改革|治理|类|型|性|级|化|惠民|利民|民心|系列|两重)(?:项目|工程)$|^(?:城市更新|老旧小区改造|农村公路|老旧小区|棚户区改造|基础设施|保障性住房|城中村改造|农房改善)"
)
