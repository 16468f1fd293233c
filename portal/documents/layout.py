"""The measures of GB/T 9704-2012: fonts, sizes and distances of an official paper."""

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

Align = WD_ALIGN_PARAGRAPH
TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEADING_FONTS = {1: "黑体", 2: "楷体_GB2312"}
PAGE_NUMBER_FONT = "宋体"
LATIN_FONT = "Times New Roman"
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, PAGE_NUMBER_SIZE = Pt(22), Pt(16), Pt(12), Pt(14)
LINE, TITLE_LINE, TABLE_LINE, TABLE_GAP, LAST_GAP = Pt(28), Pt(35), Pt(20), Pt(14), Pt(1)
TEXT_WIDTH, TEXT_HEIGHT = Mm(156), Mm(225)
