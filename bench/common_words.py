"""Makes ``loaders/lexicon/common-words.toml``: the words that reports of many provinces share.

    python bench/common_words.py REPORT.txt... > loaders/lexicon/common-words.toml

What is left of a phrase after these words is what only one place says: a proper name. A word counts when reports of
three provinces use it (two, for nouns, verbs and adjectives); names of places do not. The province of a report is the
part of its file name before the first hyphen, mapped by ``SAME_PROVINCE``. Needs jieba (the ``test`` extra).
"""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import jieba.posseg

from loaders import vocabulary

SAME_PROVINCE = dict.fromkeys(("suzhou", "taicang", "zhonglou", "zhangjiagang", "nanjing"), "jiangsu") | {
    "xian": "shaanxi"
}
#: names that many provinces mention, and fragments of names
PROPER = frozenset(
    [
        "上海",
        "海南",
        "浙江省",
        "澳门",
        "香港",
        "紫金",
        "芙蓉",
        "江海",
        "大关",
        "金山",
        "南湖",
        "凤凰",
        "长江",
        "黄河",
        "黄河流域",
        "长三角",
        "中科",
        "枫桥",
        "粤港澳",
        "大湾",
        "湾区",
        "临港",
        "全州",
        "开区",
        "五国",
        "普惠托",
        "华能",
        "林田湖",
        "古树名",
        "强基焕",
        "农惠农",
        "通苏",
        "京津冀",
        "珠三角",
        "大湾区",
        "成渝",
        "川渝",
    ]
)


def main(paths: list[str]) -> None:
    provinces: dict[str, list[str]] = defaultdict(list)
    for path in map(Path, paths):
        place = path.name.split("-")[0]
        provinces[SAME_PROVINCE.get(place, place)].append(re.sub(r"\s+", "", path.read_text("utf-8")))
    known: Counter[str] = Counter()
    flags: dict[str, Counter[str]] = defaultdict(Counter)
    for texts in provinces.values():
        seen = set()
        for token in jieba.posseg.cut("".join(texts)):
            if re.fullmatch(r"[\u4e00-\u9fff]{2,5}", token.word):
                seen.add(token.word)
                flags[token.word][token.flag] += 1
        known.update(seen)
    places = {
        name
        for name, regions in vocabulary.load().regions.items()
        if any(region.level == "province" or region.name == name for region in regions)
    }
    usual = ("n", "vn", "v", "a", "b", "d", "l", "i")
    words = sorted(
        word
        for word, n in known.items()
        if (n >= 3 or (n == 2 and flags[word].most_common(1)[0][0] in usual)) and word not in places | PROPER
    )
    print("# Words that reports of many provinces share; made by bench/common_words.py.")
    print('words = """')
    line = ""
    for word in words:
        if len(line) + len(word) > 100:
            print(line.rstrip())
            line = ""
        line += word + " "
    print(line.rstrip() + '\n"""')


if __name__ == "__main__":
    main(sys.argv[1:])
