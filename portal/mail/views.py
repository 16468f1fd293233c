"""The inbox of whoever is signed in, and the outbox of the county."""

import sqlalchemy as sa
from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import hx
from portal.accounts.models import User
from portal.accounts.scopes import visible
from portal.db import db
from portal.mail import operations, queries
from portal.mail.forms import ButtonForm
from portal.mail.models import InboxMessage, OutboxMail
from portal.rules.access import Action
from portal.rules.vocabulary import MailState
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("mail", __name__)


@bp.get("/inbox")
@requires(Action.SEE_HOME)
def inbox() -> ResponseReturnValue:
    mine = queries.inbox(actor().user_id)
    listing = queries.page_of(mine, request.args.get("page", 1, type=int))
    return render("mail/inbox.html", listing=listing, form=ButtonForm())


@bp.post("/inbox/read")
@requires(Action.SEE_HOME)
def read_all() -> ResponseReturnValue:
    mine = queries.inbox(actor().user_id).where(InboxMessage.read_at.is_(None))
    operations.mark_read(list(db.session.scalars(mine)))
    return hx.go_to(url_for("mail.inbox"))


@bp.get("/inbox/<int:message_id>")
@requires(Action.SEE_HOME)
def message(message_id: int) -> ResponseReturnValue:
    return render("mail/message.html", message=_mine(message_id), form=ButtonForm())


@bp.post("/inbox/<int:message_id>")
@requires(Action.SEE_HOME)
def open_message(message_id: int) -> ResponseReturnValue:
    """Opening marks as read, and a GET never writes: so opening from the list is a POST."""
    operations.mark_read([_mine(message_id)])
    return hx.go_to(url_for("mail.message", message_id=message_id))


@bp.get("/outbox/")
@requires(Action.VIEW_OUTBOX)
def outbox() -> ResponseReturnValue:
    mails = _mails().order_by(OutboxMail.id.desc())
    states = {state.value: state for state in MailState}
    state = states.get(request.args.get("state", ""))
    listed = mails.where(OutboxMail.state == state) if state else mails
    listing = queries.page_of(listed, request.args.get("page", 1, type=int))
    return render(
        "mail/outbox.html",
        listing=listing,
        names=_names(listing.rows),
        counts=queries.counts_by_state(mails),
        states=list(MailState),
        chosen=state,
    )


@bp.get("/outbox/<int:mail_id>")
@requires(Action.VIEW_OUTBOX)
def mail(mail_id: int) -> ResponseReturnValue:
    return _mail_page(_mail(mail_id), ButtonForm())


@bp.post("/outbox/<int:mail_id>/resend")
@requires(Action.RESEND_MAIL)
def resend(mail_id: int) -> ResponseReturnValue:
    found, form = _mail(mail_id), ButtonForm()
    address = db.session.get_one(User, found.user_id).email or found.address
    if not form.accepts(lambda: operations.resend(found, address=address)):
        return _mail_page(found, form), 422
    flash("已放回发信队列，1 分钟内重发。")
    return hx.go_to(url_for("mail.mail", mail_id=mail_id))


def _mine(message_id: int) -> InboxMessage:
    mine = queries.inbox(actor().user_id).where(InboxMessage.id == message_id)
    found: InboxMessage = load_or_404(mine)
    return found


def _mails() -> sa.Select[tuple[OutboxMail]]:
    return visible(sa.select(OutboxMail), OutboxMail, actor(), Action.VIEW_OUTBOX)


def _mail(mail_id: int) -> OutboxMail:
    found: OutboxMail = load_or_404(_mails().where(OutboxMail.id == mail_id))
    return found


def _mail_page(found: OutboxMail, form: ButtonForm) -> str:
    return render("mail/mail.html", mail=found, names=_names([found]), form=form)


def _names(mails: list[OutboxMail]) -> dict[int, str]:
    ids = {found.user_id for found in mails}
    statement = sa.select(User.id, User.name).where(User.id.in_(ids))
    return dict(db.session.execute(statement).tuples().all())
