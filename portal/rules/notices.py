"""Public notices on the boards: which stages a project has now, and when the board is photographed."""

from datetime import date, timedelta

from portal.rules.project_flow import EDITABLE
from portal.rules.vocabulary import BoardPhoto, NoticeStage
from portal.rules.vocabulary import ProjectStatus as S

LAST_PHOTO_DAYS = 3
"""Natural days after the last one on which the photo of that day is still asked for [OWN]."""

_APPLYING = EDITABLE | {S.TOWN_REVIEW, S.DEPT_REVIEW, S.COUNTY_REVIEW}
_IN_LIBRARY = (NoticeStage.PLAN, NoticeStage.START, NoticeStage.COMPLETION)


def open_stages(status: S) -> tuple[NoticeStage, ...]:
    """What a notice that is hung now can be about: the application, in the library plan, start and end."""
    if status in _APPLYING:
        return (NoticeStage.APPLICATION,)
    return _IN_LIBRARY if status is S.ADMITTED else ()


def photo_day(which: BoardPhoto, from_on: date, to_on: date) -> date:
    """The day of the notice that the photo proves."""
    return from_on if which is BoardPhoto.FIRST else to_on


def photo_asked(
    from_on: date, to_on: date, today: date, *, first: bool, last: bool
) -> BoardPhoto | None:
    """Which photo of the board is missing today; ``first`` and ``last`` say which are there.

    The first one is asked for from the day of posting, the last one from the last day, and both for
    some days more: a board is seldom cleared on the day.
    """
    if not from_on <= today <= to_on + timedelta(days=LAST_PHOTO_DAYS):
        return None
    if not first:
        return BoardPhoto.FIRST
    return BoardPhoto.LAST if today >= to_on and not last else None
