"""The page of one payment: shown at its own address, and again by a form on it that was refused."""

from portal import clock
from portal.accounts.scopes import may
from portal.forms import PortalForm
from portal.funds.queries import names_of
from portal.payments import queries
from portal.payments.forms import PaidForm, ReverseForm, StepForm
from portal.payments.gates import waiting_since
from portal.payments.models import Payment
from portal.rules.access import Action
from portal.rules.vocabulary import PaymentStatus
from portal.rules.workflow import Words
from portal.web import actor, render

FORMS: dict[str, type[PortalForm]] = {"step": StepForm, "paid": PaidForm, "reverse": ReverseForm}
TONES = {
    PaymentStatus.DRAFT: "idle",
    PaymentStatus.CHECKING: "warn",
    PaymentStatus.APPROVED: "info",
    PaymentStatus.PAID: "good",
    PaymentStatus.VOIDED: "idle",
}


def show_payment(payment: Payment, **refused: PortalForm) -> str:
    """The page; ``refused`` are forms of it that were sent and not accepted, by name."""
    forms = {name: refused.get(name) or form(formdata=None) for name, form in FORMS.items()}
    forms["step"]["seen"].data = payment.version
    today, person = clock.today(), actor()
    steps = queries.open_steps(payment, person, today)
    pays = payment.status is PaymentStatus.APPROVED and may(person, Action.RECORD_PAYMENT, payment)
    return render(
        "payments/payment.html",
        payment=payment,
        tones=TONES,
        strip=queries.gate_strip(payment),
        since=waiting_since(payment),
        people=names_of([payment.requested_by_id, payment.recorded_by_id or 0]),
        reversal=queries.reversal_of(payment),
        deadline=queries.payment_clock(payment, today),
        forms=forms,
        steps=steps,
        needs_words=[step.move.label for step in steps if step.words is Words.REASON],
        pays=pays,
        reverses=queries.may_reverse(payment, person),
        editable=payment.status is PaymentStatus.DRAFT
        and may(person, Action.REQUEST_PAYMENT, payment),
    )
