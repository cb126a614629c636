"""A seller enrols in data sets: where they go, and what a delivery would miss there."""

from waag.console.pages import STOREFRONT, Answer, Asked, Handling, Page, SeeOther, path_to
from waag.console.refusals import status_of
from waag.domain.analytics.enrollments import (
    USUAL_ROLE,
    USUAL_TOPIC,
    WantedEnrollment,
    usual_bucket,
)
from waag.domain.analytics.refusals import DestinationInvalid, EnrolledElsewhere
from waag.domain.refusals import Refusal
from waag.services.enrollment import EnrollmentCommands

_NAMES = ("bucket", "topic", "role", "prefix")


class Enrollments:
    """Its pages.

    Args:
        commands: carried out there.
    """

    def __init__(self, commands: EnrollmentCommands) -> None:
        self._commands = commands

    def handlings(self) -> tuple[Handling, ...]:
        """Every page, and every form; to be found before those of buyers, whose names are alike."""
        one = f"{STOREFRONT}/sellers/{{account}}/enrollment"
        return (
            Handling("GET", f"{STOREFRONT}/sellers", self.find),
            Handling("GET", one, self.enrollment),
            Handling("POST", one, self.enroll),
        )

    def find(self, asked: Asked) -> Answer:
        """A seller asked for by its digits."""
        seller = self._commands.seller(asked.query.get("account", "").strip())
        return SeeOther(path_to("sellers", seller.id, "enrollment"))

    def enrollment(self, asked: Asked) -> Answer:
        """Where a seller has enrolled, if anywhere, and what is found there."""
        return self._page(asked, None)

    def enroll(self, asked: Asked) -> Answer:
        """Enrol; shown again, with why, if that is refused."""
        seller = self._commands.seller(asked.path["account"])
        given = {name: asked.form.get(name, "").strip() or None for name in _NAMES}
        try:
            self._commands.enroll(WantedEnrollment(seller.id, **given))
        except (DestinationInvalid, EnrolledElsewhere) as refusal:
            return self._page(asked, refusal)
        return SeeOther(f"{path_to('sellers', seller.id, 'enrollment')}?done=enrolled")

    def _page(self, asked: Asked, refusal: Refusal | None) -> Page:
        seller = self._commands.seller(asked.path["account"])
        enrollment = self._commands.find(seller.id)
        values = {
            "findings": () if enrollment is None else self._commands.check(seller.id),
            "external_id": "" if enrollment is None else self._commands.external_id(enrollment),
            "commands": () if enrollment is None else self._commands.commands(enrollment),
            "usual": {
                "bucket": usual_bucket(seller.id),
                "topic": USUAL_TOPIC,
                "role": USUAL_ROLE,
                "prefix": "",
            },
            "seller": seller,
            "enrollment": enrollment,
            "filled": asked.form,
            "done": "The seller has enrolled." if asked.query.get("done") == "enrolled" else "",
            "refusal": refusal,
        }
        return Page("enrollment", values, 200 if refusal is None else status_of(refusal))
