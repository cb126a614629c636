"""Why a data set is not generated.

    AnalyticsRefused
    ├── NotEnrolled              the account has not enrolled in data sets
    ├── NoSeller                 no account that could enrol
    ├── EnrolledElsewhere        it has enrolled with something else
    ├── ColumnsUnknown           a type whose columns AWS never published
    ├── NotPublished             its date is in the future, or not over yet
    ├── PublishedNever           its date is from before the type, or the seller, began
    ├── NothingDisbursed         no disbursement report lies within the look-back
    ├── FromDateInvalid          a support export from after its own end
    ├── DestinationInvalid       a role, bucket, prefix or topic that cannot be one
    ├── DestinationRefused       AWS does not let Waag deliver there
    ├── RequestUnknown           no such request
    ├── ContactInvalid           a support contact that cannot be kept as it is given
    └── ContactUnknown           no such support contact

Beside these `DestinationUnreachable`: nobody knows, since AWS could not be asked.
"""

from waag.domain.refusals import Refusal


class AnalyticsRefused(Refusal):
    """A request for a data set that is not carried out."""

    rule = "analytics"


class NotEnrolled(AnalyticsRefused):
    """The account has not enrolled in the delivery of data sets."""

    rule = "analytics.enrollment"


class NoSeller(AnalyticsRefused):
    """No account of the market, or none that sells."""

    rule = "analytics.seller"


class EnrolledElsewhere(AnalyticsRefused):
    """The seller has enrolled with another role, bucket, topic or prefix."""

    rule = "analytics.enrolled-elsewhere"


class ColumnsUnknown(AnalyticsRefused):
    """A deprecated type whose columns AWS never published."""

    rule = "analytics.columns"


class NotPublished(AnalyticsRefused):
    """A publication date that is not over yet."""

    rule = "analytics.not-published"


class PublishedNever(AnalyticsRefused):
    """A publication date from before the data set, or the seller, began."""

    rule = "analytics.before-first"


class NothingDisbursed(AnalyticsRefused):
    """No disbursement report was published within the look-back."""

    rule = "analytics.disbursement"


class FromDateInvalid(AnalyticsRefused):
    """A support export that would begin after its end."""

    rule = "analytics.from-date"


class DestinationInvalid(AnalyticsRefused):
    """A role, bucket, prefix or topic that cannot be one."""

    rule = "analytics.destination"


class DestinationRefused(AnalyticsRefused):
    """AWS does not let Waag deliver; it stays so until somebody changes something there."""

    rule = "analytics.delivery"


class RequestUnknown(AnalyticsRefused):
    """No request for a data set has this id."""

    rule = "analytics.request"


class ContactInvalid(AnalyticsRefused):
    """A support contact that cannot be kept as it is given."""

    rule = "analytics.contact"


class ContactUnknown(AnalyticsRefused):
    """No support contact has this id."""

    rule = "analytics.contact-unknown"


class DestinationUnreachable(Refusal):
    """AWS could not be asked; the same may work later."""

    rule = "analytics.unreachable"
