"""Why a page is not shown or a form not carried out, where no service refuses it."""

from collections.abc import Mapping

from waag.domain.agreement_states import AgreementUnknown, CommandRefused
from waag.domain.agreement_terms import TermsRefused
from waag.domain.analytics.refusals import (
    ContactInvalid,
    ContactUnknown,
    DestinationInvalid,
    EnrolledElsewhere,
    NoSeller,
)
from waag.domain.refusals import Refusal, StoreUnavailable
from waag.services.registration import AgreementNotRegistrable
from waag.services.storefront import NotListed, NotSetUp


class StorefrontOff(Refusal):
    """A server that was started without these pages."""

    rule = "console.off"


class NameForeign(Refusal):
    """A browser that was led here under a name that somebody else may own."""

    rule = "console.host"


class CrossSite(Refusal):
    """A form that another site's page sent."""

    rule = "console.origin"


class FormTooLarge(Refusal):
    """More than the largest form that is taken."""

    rule = "console.form-size"


class FormUnreadable(Refusal):
    """A body that is no form."""

    rule = "console.form"


class FieldRefused(Refusal):
    """A form's field that says nothing that can be read."""

    rule = "console.field"


_STATUSES: Mapping[type[Refusal], int] = {
    AgreementNotRegistrable: 409,
    AgreementUnknown: 404,
    CommandRefused: 409,
    ContactInvalid: 422,
    ContactUnknown: 404,
    CrossSite: 403,
    DestinationInvalid: 422,
    EnrolledElsewhere: 409,
    FieldRefused: 422,
    FormTooLarge: 413,
    NameForeign: 403,
    NoSeller: 404,
    NotListed: 404,
    NotSetUp: 409,
    StorefrontOff: 404,
    StoreUnavailable: 503,
    TermsRefused: 422,
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status that tells of a refusal."""
    return _STATUSES.get(type(refusal), 400)
