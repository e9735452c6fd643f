"""What the doctor says about oneself: somebody has to look at it, and nothing follows from it by itself."""

from typing import Literal

from domain.doctor.facts.fact import Fact, Private
from domain.values.fields import Day


class NoticeGiven(Fact, topic="track.notice-given.v1", words="melding fra legen"):
    """The doctor gave notice of something, as of a day where one is named; no month and no amount hangs on it."""

    type: Literal["notice_given"] = "notice_given"
    on: Day | None = None
    text: Private


NoticeFact = NoticeGiven
