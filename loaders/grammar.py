"""The function words of the genre: which verbs only carry a number, which belong to what is measured.

Tables, longest first where order matters, each used by :mod:`loaders.naming` or :mod:`loaders.facts`. What is
measured is the ontology's business; these words are the sentence's.
"""

import re
from functools import lru_cache


def alternation(words: str) -> str:
    """A regular expression of the blank-separated words, longest first."""
    return "|".join(sorted((re.escape(word) for word in words.split()), key=len, reverse=True))


#: the number right after it is a relative or absolute change of what stands before
RISING = "增长 上升 提高 提升 增加 上涨 扩大 攀升 回升 上浮 上调 跃升 递增 增 升 涨 增收 多增 高出 提速 加快 前移 增幅达 增速达 增幅为 增速为 增幅 增速 涨幅"
FALLING = (
    "下降 降低 减少 回落 缩小 压减 压降 下跌 收窄 缩短 下调 下滑 减 降 削减 跌 少增 压缩 双下降 负增长 改善"
)
CHANGE_VERB = re.compile(
    rf"(?P<verb>{alternation(RISING + ' ' + FALLING)})(?P<link>了|达到|达|约|为)?(?P<to>至|到)?$"
)
EACH_YEAR = re.compile(r"年均(?!浓度|值|气温|降水)")  #: 年均增长, 年均新增; PM2.5年均浓度 is of one year
FALLING_VERBS = frozenset(FALLING.split())

#: words between subject and verb that say nothing of what is measured
ADVERBS = (
    "同比 环比 分别 各 均 双 共 共计 合计 总计 预计 预期 力争 确保 争取 努力 实际 名义 总体 继续 持续 稳步 大幅 逆势 进一步 再 又 将 已 约 仅 "
    "按可比价格计算 按可比价计算 按可比价格 按可比价 按可比口径 按不变价格计算 按不变价计算 按不变价 可比 同口径 可比口径 扣除价格因素 自然口径 按常住地分 "
    "比上年 比上年末 比上年同期 比上年底 比去年 比去年同期 比年初 较上年 较上年末 较上年同期 较去年 较去年同期 较年初 比前一年 较前一年 上年 "
    "全年 年末 年内 当年 首次 率先 历史性 成功 顺利 如期 全面 基本 保持在 保持 控制在 控制 稳定在 稳定 维持在 处于 分别为 平均 年均 两年平均 快速 高速 实现 完成 达到 "
    "达 为 是 至 到 有 突破 超过 超 高达 约为 累计 一举 接近 近 由 从 总体上 力争达到 升至 增至 增加到 提高到 提升到 提升至 提高至 上升至 上升到 折算 折合 合 缩小至 收窄至 优化至 调整为 调整至 优化为 精简至 压降至 推至 合并至 整合至 整合为 扩容至 拓展至 拓展到 延伸至 增强至 降至 降低至 降低到 下降至 下降到 减至 减少到 减少至 扩大到 扩大至 缩短至 缩短到 回落至 压缩至 压减至 发展到 扩展到 "
    "跨越 迈上 跃上 站上 迈过 稳定达到 不低于 了 还 连续 接连 先后 连续跨过 跨上 总共 突破性 首超 攻坚 再次 再创 快于 好于预期 创历史新高达 "
)
#: stripped from the end of what stands before a number
_ADVERB_END = re.compile(
    rf"(?:{alternation(ADVERBS)}"
    r"|(?:比|较|与|同)(?:“?十?[一二三四五]五”?(?:时期|期间)?(?:末期?|初期?)?|20\d\d年(?:[末底]|同期)?|[上去前]年(?:同期|同比|[末底初])?|年初|疫情前|五年前|[一二三四五]年前)(?:相比)?"
    r"|按[\d年月日末底]+汇率|(?<!\d)(?:近|过去|这|最近)?[\d两三四五六七八九十]{1,2}年(?:来|间|内)?(?:累计)?)$"
)
_LONGEST_ADVERB = 20
#: these end a name rightfully although they look like an adverb or verb
_PROTECTED_END = re.compile(
    r"(?:加权平均|新增|净增|年均|累计完成|不达|发达|可达|所有|国有|私有|保有|拥有|占有|公有|自有|人均|户均|村均|亩均|地均|日均|月均|以上|行为|作为|周到|直达|到达)$"
)

#: stripped from the beginning of a clause: place, time and purpose
_LEAD_IN = re.compile(
    r"^(?:(?:其中|同时|此外|另外|并且|并|且|而|以及|及|和(?!美|谐|平)|与|、|，|；|—|——|：|\s)"
    r"|(?:按[^，；]{2,12}?(?:计算|折算|折合)|初步核算|据初步统计|据初步核算|初步统计|根据[^，]{0,30}结果|据统计|经初步核算|截至目前|截至年底|截至[^，]{2,10}末?|总的来看|按[^，]{1,8}分|分[^，]{1,6}看)[，,]?"
    r"|(?:全年|全年共|年末|年底|年内|年初|当年|期末|去年|上年末|上年|今年|本年|明年|近年来|五年来|一年来|过去[一五]年|这五年|目前|到\d{4}年末?|\d{4}年[末底]?|[一二三四]季度|上半年|前三季度|\d{1,2}[~—-]\d{1,2}月份?)[，,]?(?![份度均])"
    r"|(?:近|过去)?[两三四五六七八九十]年(?:来|间)?(?=增量|累计|新增|平均|投入)"
    r"|(?:在)?(?:全[市省区县州盟旗域镇](?!域|社会)|我[市省区县州]|市域内?|省内|市内|区内|县内|境内(?!外|A|上)|全国(?=.*第))(?!统筹|上市)"
    r"|(?:阶段性|预计|力争|确保|争取|推动|促进|建议|努力|保持|引导|力保|实现|完成|达到|总体|共有|共计|共|总计|合计|已|均|拥有|现有|还|又|再|将|要|计划|拟|设定|安排使用|预期|目标是|主要预期目标|达成|保障|超额完成|圆满完成|顺利|成功|有序|持续|稳步|积极|大力|全力|全面|加快|深入|扎实|着力|切实|加大|进一步|稳妥|率先|努力使|力争使|使(?!用)|即|让|(?:高标准|高质量|高效|高规格|统筹|有效|集中)(?=完成|推进|建设|举办|承办|通过|办|获评|打造|开展|实施|落实|建成)|[\u4e00-\u9fff]{2,4}(?:年景|条件|口径)下)(?!率|度|情况|面积|线|产业|力|战略|农田|人才|企业|产能|覆盖|高新|发展区|签约|性))"
)

#: dropped wherever they stand inside a name
_FILLER = re.compile(
    r"(?:预计|累计)?(?:(?<!无法)(?<!未)完成(?!(?<=.完成)投资|率|情况|度|量|额|整改|验收|签约|改造)|实现(?!率)|达到(?!或)|同比|分别|合计|共计|(?<=.)全年|(?<=.)年末|超过(?=\d))"
)

#: flow words: they say that something is added, built, awarded; kept in the name, shared along an enumeration
FLOW = (
    "新增 净增 新建提升 新建成 新通车 引进留用 涌现出 涌现 新建 新改建 新（改、扩）建 新（改）建 新建改造 改造提升 提档升级 改造升级 改造建设 改造 建成 建成投用 建设 新开工 开工建设 开工 开工改造 新认定 认定 新获批 获批 新获评 获评 获得 荣获 入选 新入选 列入 纳入 评选 "
    "培育 新培育 累计培育 累计 引进 新引进 招引 引育 签约 新签约 发放 办理 办结 新设 设立 新设立 组建 创建 新创建 打造 实施 推广 完成 治理 整治 新治理 修复 关停 关停退出 关闭退出 淘汰 盘活 腾退 收储 供应 筹集 新筹集 "
    "新晋 晋升 增设 新启用 启用 投用 投放 更新 更新改造 改扩建 新布局 布局 开展 举办 承办 引培 遴选 申报 铺排 授予 命名 制定 修订 出台 发布 新登记 登记 转化 对接 落户 落地 减免 兑现 "
    "受理 化解 查处 破获 抓获 培训 救助 帮扶 资助 惠及 安置 消化 解决 提供 增加 减少 压减 扩面新增 净流入 搬迁 撤销 移民 接待 输送 吸纳 招聘 招收 挖掘 拆除 拆迁 征收 植树 绿化 造林 清理 清退 处置 回收 销号 办成 "
    "建立 建强 配建 加装 铺设 敷设 开通 新开通 开行 投产 竣工 建造 新发展 新添 添置 新购 续建 启动 启动建设 启动实施 谋划 推进 实施改造"
)
#: verbs that take a counted noun as object but say nothing of how it came about
CARRYING = (
    "支持 推动 促进 抓好 做好 办好 落实 争取 安排 投入 下达 争取到 覆盖 服务 聚焦 运营 整合 带动 帮助 组织 动员 组织动员 围绕 聚力 选派 派出 建好 加快推进 加快建设 全力办好 办成办好 为 对 向 将 把 由 与 及 和 有 共 在 全 达 构建 完善 探索 深化 力争新建 力争 确保 扶持 抓实 涉及 包括 涵盖 形成 拥有 预计完成 调出 微调 "
    "到 全面 统筹 规范 优化 保障 放大 巩固 升级 提升 实现 布局 落成 发动 走访 检查 排查 巡查 督办 攻克 突破 承接 承担 牵头 参与 主导 成立 推出 上线 推行 累计 生产 销售 储备 发展 贯通 通车 运营 涌现出 可直达 直达"
)
#: a clause or an enumerated item that opens with one of these is a predicate of its own
VERB_START = re.compile(
    "(?:"
    + alternation(
        "带动 完成 实现 办理 拓展 推进 加快 建设 支持 深化 实施 打造 培育 构建 完善 提升 优化 强化 加强 持续 积极 大力 深入 全面 推动 促进 发展 壮大 开展 创新 启动 落实 聚焦 围绕 坚持 统筹 抓好 做好 做大 做强 严格 规范 扩大 增强 健全 探索 鼓励 引导 组织 争取 力争 确保 出台 制定 发布 举办 定制 充实 用好 突出 获 有效 扎实 着力 进一步 率先 稳步 稳妥 有序 新增 净增"
    )
    + ")"
)
FLOW_START = re.compile(rf"(?:(?:累计|力争|预计)?(?:{alternation(FLOW)}))+")

#: a noun that needs an owner: 总量, 完成率, 增速, 总投资 ...
RELATIONAL = re.compile(
    r"(?:总量|新增数量|总数|总额|总规模|规模|总投资|投资额|投资|数量|增量|存量|余额|播种面积|种植面积|收获面积|面积|总面积|总里程|里程|人数|人次|户数|家数|增速|增幅|涨幅|降幅|占比|比重|比例|比率|份额|完成率|覆盖率|达标率|满意率|满意度|"
    r"参保率|普及率|利用率|转化率|优良率|合格率|办结率|产值|总产值|营收|营业收入|收入|利润|利税|税收|产量|销量|产销量|产能|总产能|销售额|销售收入|交易额|成交额|交易量|累计交易额|累计|累计放款|放款|床位|总床位|建筑面积|装机容量|装机|总装机|"
    r"金牌|银牌|铜牌|奖牌|排名|位次|综合排名|质量|增加值|占GDP比重|占地区生产总值比重|容量|能力|吞吐量|发电量|用电量|用水量|人均|学位|投入|支出|带动就业|惠及|受益群众|完成投资|年度投资|资金|补贴|金额|贷款|存款|"
    r"总市值|注册资本|注册资金|募资|协议投资|计划投资|计划总投资|年度计划投资|到位资金|开工率|竣工率|投产率|整改率|化解率|就业率|升学率|毛入学率|保有量|总产|单产|均价|价格|成本|货值|总长|全长|总建筑面积|营业额|零售额|服务|节约资金|拉动消费|带动消费|贡献率|综合消费|人均消费)"
    r"(?:分别|均|各)?$"
)

#: nouns that things are counted by
HEAD = re.compile(
    r"(?:上市公司|企业|公司|项目|中心|平台|机构|基地|园区|工厂|车间|乡村|示范区|人才|学校|医院|社区|村|县|镇|案例|品牌|产品|实验室|集群|街区|景区|单位|站|点|家庭|泊位|小区|城市|港|基金|产业园|研究院|联合体|学会|市场主体|载体|团队|计划|示范县|断面|机场|线路|公园|河湖|水体|标准|场馆|孵化器|众创空间|开发区)$"
)

#: nouns that carry no meaning without what was done with them
GENERIC_NOUN = re.compile(
    r"^(?:个|家)?(?:企业|项目|事项|工作|产品|村庄|村落|村|作品|学校|单位|人|成果|案例|城市|机构|品牌|街道|社区|县|县（市、区）|镇|乡镇|园区|平台|经验做法|改革经验|学生|群众|市场主体|经营主体|景区|上下游企业|规上企业|工程|试点|区|行业|医院|个体|县市|县区|市县|州市|高校|学科|品种|煤矿|党组织|科技成果|国家)(?:$|（)"
)

#: where a noun phrase after a number ends and its predicate begins
PREDICATE = re.compile(
    r"均(?<!平均)|并(?!购|网|联|轨|举)|获(?!得感)|达(?!标)|(?<!宜)居(?!民|家|住|委)|列(?!车|为)(?<!系列)|占(?!地)|为(?!民|主)|对(?!口|接|外|比)|(?<!方)(?<!面)向(?!阳)|共(?=完成|计|投|有|获)|(?<![科文双众首原独草初])创(?!新|业|意|建|投|客)|超(?!市|级|算)|"
    + alternation(
        "入围 入选 获评 获批 获得 荣获 荣登 斩获 完成 实现 通过 列入 进入 纳入 建成 竣工 开工 投产 投用 投运 投入 达到 参与 落户 落地 集中签约 集中开工 签约 启动 提供 被 正式 成功 全部 已 顺利 如期 加快 有序 高效 "
        "扎实 下沉 清零 上榜 挂牌 上市 运营 成立 揭牌 实施 享受 受益 销号 办结 位居 位列 保持 开展 无法 推进 推广 配备 接入 开放 开通 通车 增长 下降 成为 晋级 跻身 复制推广 在全 得到 评为 累计 总投资 超额 超过 突破 实行 使用 按 于 形成 建设完成 带动 创建 入库 改造完成 稳步 相继 率先 提前 基本 "
        "总数 总量 数量 惠及 覆盖 用于 支持 当年 预计 年度 产值 面积 涵盖"
    )
)
#: verbs right before a number that take the noun after it as their object
TRANSITIVE_END = re.compile(rf"(?:{alternation(FLOW + ' ' + CARRYING)})$")
#: what a right-headed noun phrase keeps of its verb
FILLER_VERB = re.compile(
    r"^(?:完成|实现|推动|促进|达到|支持|抓好|做好|办好|全力|组织|动员|带动|将|把|为|对|向|由|与|有|共|在|及|和|帮助|围绕|聚焦|聚力|力争|确保|整合|拥有|达|涉及|包括|涵盖)+"
)


@lru_cache(maxsize=2048)  # a lead is asked about several times over
def strip_adverbs(text: str) -> str:
    """``规上工业总产值预计达到`` -> ``规上工业总产值``."""
    while True:
        if _PROTECTED_END.search(text):
            return text
        bare = text.rstrip("，、：: ")
        adverb = _ADVERB_END.search(bare, max(0, len(bare) - _LONGEST_ADVERB))
        shorter = (bare[: adverb.start()] if adverb else bare).rstrip("，：: ")
        if shorter == text:
            return text
        text = shorter


@lru_cache(maxsize=2048)
def strip_lead_in(text: str) -> str:
    """``其中，全市预计完成工业投资`` -> ``工业投资``."""
    while True:
        shorter = _LEAD_IN.sub("", text, count=1)
        if shorter == text or not shorter:
            return shorter
        text = shorter


def drop_filler(text: str) -> str:
    """``市重点项目完成投资`` -> ``市重点项目投资``."""
    return _FILLER.sub("", text)
