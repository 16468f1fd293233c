"""督办函: the list with open answers; a letter as draft, as issued, and with its answer."""

import io

from flask import Blueprint, flash, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.db import db
from portal.rules.access import Action
from portal.supervision import bulletins, operations, papers, queries, wording
from portal.supervision.bulletin_views import DOCX
from portal.supervision.forms import AnswerForm, IssueForm, LetterForm
from portal.supervision.loading import load_letter
from portal.supervision.models import Bulletin, SupervisionLetter
from portal.web import actor, render, requires

bp = Blueprint("letters", __name__, url_prefix="/letters")


@bp.get("/")
@requires(Action.VIEW_LETTERS)
def letters() -> ResponseReturnValue:
    return render("supervision/letters.html", letters=queries.letters(actor()))


@bp.get("/<int:letter_id>")
@requires(Action.VIEW_LETTERS)
def letter(letter_id: int) -> ResponseReturnValue:
    return _page(load_letter(letter_id))


@bp.post("/<int:letter_id>")
@requires(Action.ISSUE_BULLETIN)
def edit(letter_id: int) -> ResponseReturnValue:
    found, form = load_letter(letter_id, Action.ISSUE_BULLETIN), LetterForm()
    if not form.accepts(
        lambda: operations.edit_letter(
            found,
            number=form.number.data.strip(),
            answer_by_on=form.answer_by_on.data,
            body=form.body.data.strip(),
            on=clock.today(),
        )
    ):
        return _page(found, draft=form), 422
    flash("已保存。")
    return hx.go_to(url_for("supervision.letters.letter", letter_id=found.id))


@bp.post("/<int:letter_id>/issue")
@requires(Action.ISSUE_BULLETIN)
def issue(letter_id: int) -> ResponseReturnValue:
    found, form = load_letter(letter_id, Action.ISSUE_BULLETIN), IssueForm()
    if not form.accepts(lambda: operations.issue_letter(found, actor=actor(), on=clock.today())):
        return _page(found, issue=form), 422
    flash(f"已发给{found.unit.name}，有关人员会收到消息。")
    return hx.go_to(url_for("supervision.letters.letter", letter_id=found.id))


@bp.post("/<int:letter_id>/answer")
@requires(Action.ANSWER_LETTER)
def answer(letter_id: int) -> ResponseReturnValue:
    found, form = load_letter(letter_id, Action.ANSWER_LETTER), AnswerForm()
    if not form.accepts(
        lambda: operations.answer_letter(
            found, form.answer.data.strip(), actor=actor(), on=clock.today()
        )
    ):
        return _page(found, answer=form), 422
    flash("已回复，发函的人会收到消息。")
    return hx.go_to(url_for("supervision.letters.letter", letter_id=found.id))


@bp.get("/<int:letter_id>/word")
@requires(Action.VIEW_LETTERS)
def word(letter_id: int) -> ResponseReturnValue:
    found = load_letter(letter_id)
    content = papers.letter_docx(found, _bulletin(found))
    name = f"{found.number}.docx"
    return send_file(io.BytesIO(content), DOCX, as_attachment=True, download_name=name)


def _bulletin(letter: SupervisionLetter) -> Bulletin:
    return db.session.get_one(Bulletin, letter.bulletin_id)


def _page(
    letter: SupervisionLetter,
    *,
    draft: LetterForm | None = None,
    issue: IssueForm | None = None,
    answer: AnswerForm | None = None,
) -> str:
    source = _bulletin(letter)
    return render(
        "supervision/letter.html",
        letter=letter,
        bulletin=source,
        title=wording.letter_title(bulletins.read(source)),
        closing=wording.closing(letter.answer_by_on),
        draft=draft or LetterForm(formdata=None, obj=letter),
        issue=issue or IssueForm(formdata=None),
        answer_form=answer or AnswerForm(formdata=None),
    )
