"""Names in Chinese, Japanese and Korean bylines, where labels, names and places stand against each other."""

from __future__ import annotations

import re

_HAN = "\u3005\u3006\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
_HANGUL = "\uac00-\ud7a3"
_SCRIPT = re.compile(f"[{_HAN}{_KANA}{_HANGUL}]")
_LABEL = re.compile(
    r"(?:[（(【\[]\s?)?(?:本[报報刊网網]|特[约約邀派]|[见見]习|[实實]习|首席|高[级級]|[资資]深|[新中][华華新]社|[专專]栏|中央社|驻.{2,4}|駐.{2,4}"
    r"|综合|綜合|原文|本文|全媒体|财经|財經)?"
    r"(?:(?P<chinese>[记記]者|通[讯訊][员員]|撰稿人?|撰文|采写|採寫|主笔|主筆)|作者名?|著者|筆者|執筆者?|取材|投稿者|ライター|寄稿"
    r"|文(?=\s?[:：/／・|｜丨＝=])|글쓴이|글(?=\s?[:：])|작성자|기자명|저자|글쓴이)"
    r"(?:[・･]?(?:文|執筆|撮影|構成|写真|取材))*\s?[:：/／|｜丨＝=]?\s?"
)
_TAIL = re.compile(
    r"\s?(?:[记記]者|特派[员員]|通[讯訊][员員]|[综綜]合?[报報][导導道]|[报報][导導道]|撰文?|[著作]|編著|先生|女士|教授|博士|氏|さん|様|記|署名"
    r"|ライター|編集委員|論説委員|특파원|기자|선임기자|인턴기자|논설위원|칼럼니스트|교수|님)\Z"
)
_OTHERS = re.compile(
    r"(?:责任|責任|责|執行|执行|摄影|攝影|图片?|圖片?|[编編][辑輯集译譯]|校[对對]|翻[译譯]|写真|撮影|監修|イラスト|審[核稿]|审[核稿]|사진|편집|来源|來源|出处|出處)"
)
_NO_NAME = re.compile(
    r"[编編][辑輯集]|[网網]$|[报報社部局院会會室组組站署庁省台团團部]$|[新][闻聞]|ニュース|公司|[时時][间間]|[发發][布佈表]|[阅閱][读讀]|[评評][论論]"
    r"|[来來]源|[报報][导導道]|更新|日期|[标標][签籤]|首[页頁]|匿名|佚名|[网網]友|管理[员員者]|作者|[记記]者|投稿|名無し|ゲスト|コメント|記事|一覧"
    r"|関連|公開|掲載|登録|기자|편집|입력|수정|관리자|뉴스|구독|댓글|未知|小[编編]|本[报報]|[讯訊電电]$|[上下]午|[昨今]天|[男女]性"
)
_CHINESE_NAME = f"[{_HAN}]{{2,4}}"
_NAME = re.compile(
    f"{_CHINESE_NAME}|[{_HANGUL}]{{2,5}}|[{_HAN}{_KANA}]{{2,9}}"
    f"|[{_HAN}{_KANA}]{{1,4}}[ \u3000][{_HAN}{_KANA}]{{1,5}}"
    f"|[{_HAN}{_KANA}]{{1,10}}(?:[·・•=＝][{_HAN}{_KANA}]{{1,10}}){{1,3}}"
)
_SPLIT = re.compile(r"[,，、;；/／|｜丨\n\t&＆]|[ \u3000](?=[和与與及])|(?<=\S)[和与與](?=\S{2,3}(?:$|\s))")
_PLACE = re.compile("[报報][导導道]\\Z")
_OTHER_LABEL = re.compile(
    r"\s((?:来源|來源|出处|出處|(?:责任|責任)?[编編][辑輯]|时间|時間|日期|摄影|攝影|発行|更新)\s?[:：])"
)
_NEXT_LABEL = re.compile(r"\s(?=作者|[记記]者|撰文|通[讯訊][员員])|(?<=[가-힣])·(?=[가-힣])")
_KOREAN_PLACE = re.compile(r"[가-힣]{2,6}=(?=[가-힣])")
_KANA_ONLY = re.compile(f"[{_KANA}]")


def is_east_asian(text: str) -> bool:
    return _SCRIPT.search(text) is not None


def east_asian_names(text: str) -> tuple[tuple[str, ...], bool]:
    """The names in a byline, and whether it holds nothing but them and their labels."""
    names: list[str] = []
    text = _KOREAN_PLACE.sub("", text)
    text = _NEXT_LABEL.sub("|", _OTHER_LABEL.sub(r"|\1", text))
    text, labelled = _unlabelled(text.strip(" \u3000（）()【】[]。.:："))
    whole = True
    for part in filter(None, map(str.strip, _SPLIT.split(text))):
        if _OTHERS.match(part) or (_PLACE.search(part) and not _LABEL.match(part) and " " not in part):
            whole = False
            continue
        name, inner = _unlabelled(part)
        name = _TAIL.sub("", name.strip(" :：")).strip()
        if "chinese" in (labelled, inner) or re.fullmatch(f"{_CHINESE_NAME}(?: {_CHINESE_NAME}){{1,5}}", name):
            found = _several(name, known="chinese" in (labelled, inner))
        else:
            found = [name]
        good = [one for one in found if _NAME.fullmatch(one) and not _NO_NAME.search(one)]
        whole = whole and len(good) == len(found) and not re.search("[报報][导導道]", part)
        names += [one for one in good if one not in names]
    return tuple(names), whole and bool(names)


def _unlabelled(text: str) -> tuple[str, str]:
    """The words after a label, and which kind it is: "chinese" where the names after it are parted by spaces."""
    label = _LABEL.match(text)
    if label is None:
        return text, ""
    return text[label.end() :], "chinese" if label["chinese"] else "label"


def _several(names: str, known: bool) -> list[str]:
    """Chinese names parted by spaces; one name where the space may part a family's name and a given one."""
    parts = names.split()
    if _KANA_ONLY.search(names) or (not known and len(parts) == 2 and max(map(len, parts)) < 3):
        return [names]
    return parts
