"""What notices are about: the kinds that a visitor looks for."""

SUBJECTS = {
    "money": "资金和项目",
    "changes": "资金项目调整与问题整改",
    "results": "绩效目标和评价结果",
    "policies": "政策制度",
    "complaints": "监督举报办理",
}
"""What notices are about, by the word used in addresses."""

OF_CATEGORY = {
    "资金项目调整": "changes",
    "问题整改": "changes",
    "绩效目标": "results",
    "绩效评价结果": "results",
    "政策制度": "policies",
    "监督举报办理": "complaints",
}
"""The subject of a notice by its category; every other category is about money and projects."""


def subject_of(category: str) -> str:
    """What a notice of the category is about: a key of SUBJECTS."""
    return OF_CATEGORY.get(category, "money")
