"""Support contacts: the log of their changes, and what an export of a stretch of time tells of it.

A contact belongs to one agreement, the customer's subscription. Its changes are never altered; what
an export tells follows from them alone.

Source: Product Support Connection guide; SupportDataSetType.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from hashlib import sha256

import msgspec

from waag.domain.analytics.data_sets import Coverage
from waag.domain.analytics.documents import written
from waag.domain.analytics.refusals import ContactInvalid, FromDateInvalid
from waag.domain.instants import INSTANT_MAX, INSTANT_MIN, MINUTE, Instant, format_instant

SUPPORT_CONTACTS = "customer_support_contacts_data"
TEST_CONTACTS = "test_customer_support_contacts_data"
SUPPORT_TYPES = (SUPPORT_CONTACTS, TEST_CONTACTS)

EXPORT_DELAY = 15 * MINUTE
"""An export tells of changes up to so long before its request. Source: SupportDataSetType."""

COLUMNS = (
    "Product Id",
    "Product Code",
    "Customer Guid",
    "Subscription Guid",
    "Subscription Start Date",
    "Organization",
    "AWS Customer Id",
    "Given Name",
    "Surname",
    "Telephone Number",
    "Email",
    "Title",
    "Country Code",
    "ZIP Code",
    "Operation Time",
    "Operation Type",
)
"""Source: the header that the guide prints."""

_LENGTHS_MAX = {
    "organization": 255,
    "given_name": 100,
    "surname": 100,
    "telephone_number": 25,
    "email": 254,
    "title": 255,
    "country_code": 2,
    "zip_code": 5,
}
_REQUIRED = ("organization", "given_name", "surname", "telephone_number", "email")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ZIP = re.compile(r"[0-9]{5}")


class Operation(Enum):
    """What happened to a contact."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


class ContactDetails(msgspec.Struct, frozen=True):
    """What a customer tells of a person to be contacted; the last three may be empty."""

    organization: str
    given_name: str
    surname: str
    telephone_number: str
    email: str
    title: str = ""
    country_code: str = ""
    zip_code: str = ""


NOBODY = ContactDetails("", "", "", "", "")
"""What is told of a contact that is gone."""


class ContactChange(msgspec.Struct, frozen=True):
    """One entry of the log; a deletion has no details."""

    time: Instant
    operation: Operation
    details: ContactDetails = NOBODY


class Subscription(msgspec.Struct, frozen=True):
    """The agreement that a contact belongs to; `ends` is None while it has no end."""

    agreement_id: str
    product_id: str
    product_code: str
    buyer_id: str
    starts: Instant
    ends: Instant | None


class Contact(msgspec.Struct, frozen=True):
    """A contact with all its changes, in the order in which they came; there is at least one."""

    number: int
    guid: str
    subscription: Subscription
    changes: Sequence[ContactChange]

    @property
    def latest(self) -> ContactChange:
        """How it stands."""
        return self.changes[-1]


def check_details(details: ContactDetails) -> None:
    """Refuse what no file of support contacts can hold.

    Raises:
        ContactInvalid: which member, and what would have passed.
    """
    for name, length_max in _LENGTHS_MAX.items():
        value = getattr(details, name)
        shown = name.replace("_", " ")
        if not value and name in _REQUIRED:
            raise ContactInvalid(f"The {shown} is missing; a support contact has one.")
        if len(value) > length_max:
            raise ContactInvalid(
                f"The {shown} has {len(value)} characters; at most {length_max} are taken."
            )
    if details.country_code and not _COUNTRY.fullmatch(details.country_code):
        raise ContactInvalid(
            f"The country code is {details.country_code!r}; expected two capital letters of ISO "
            "3166, such as NL."
        )
    if details.zip_code and not _ZIP.fullmatch(details.zip_code):
        raise ContactInvalid(
            f"The zip code is {details.zip_code!r}; expected five digits, as in the US."
        )


def support_coverage(data_set: str, from_date: Instant, now: Instant) -> Coverage:
    """The time that an export tells of: its end is what the next one begins with.

    To the test data set fromDate makes no difference, so that it may lie anywhere.

    Raises:
        FromDateInvalid: it would begin after its end, or before the calendar does.
    """
    ends = max(now - EXPORT_DELAY, INSTANT_MIN)
    latest = ends if data_set == SUPPORT_CONTACTS else INSTANT_MAX
    if not INSTANT_MIN <= from_date <= latest:
        raise FromDateInvalid(
            f"fromDate is {format_instant(from_date)}; changes are exported up to 15 minutes "
            f"before the request, which is {format_instant(ends)}."
        )
    return Coverage(from_date, ends)


def exported_row(contact: Contact, covers: Coverage) -> Sequence[str] | None:
    """The one row that an export has of a contact; None if nothing happened to it.

    Its latest state counts: created within the time, CREATE, though it was changed since; created
    before and changed within, UPDATE; deleted within, or its subscription ended, DELETE alone.
    """
    changes = [each for each in contact.changes if each.time < covers.ends]
    if not changes:
        return None
    first, last = changes[0], changes[-1]
    gone = _gone(contact, last, covers.ends)
    if gone is not None:
        return _row(contact, NOBODY, gone, Operation.DELETE) if gone >= covers.starts else None
    if last.time < covers.starts:
        return None
    operation = Operation.CREATE if first.time >= covers.starts else Operation.UPDATE
    return _row(contact, last.details, last.time, operation)


def _gone(contact: Contact, last: ContactChange, until: Instant) -> Instant | None:
    ends = contact.subscription.ends
    if last.operation is Operation.DELETE:
        return last.time
    return ends if ends is not None and ends < until else None


def _row(
    contact: Contact, details: ContactDetails, time: Instant, operation: Operation
) -> Sequence[str]:
    subscription = contact.subscription
    return (
        guid("product", subscription.product_id),
        subscription.product_code,
        contact.guid,
        guid("agreement", subscription.agreement_id),
        written(subscription.starts),
        details.organization,
        subscription.buyer_id,
        details.given_name,
        details.surname,
        details.telephone_number,
        details.email,
        details.title,
        details.country_code,
        details.zip_code,
        written(time),
        operation.value,
    )


def guid(kind: str, name: str) -> str:
    """The GUID that stands for a name of the newer APIs in reports from before these; always one.

    Source: the data feeds' legacy mapping, from ids such as prod-… to GUIDs.
    """
    digits = sha256(f"{kind} {name}".encode()).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def static_rows() -> Iterator[Sequence[str]]:
    """The rows of the test data set, whatever is asked. Source: the rows that the guide prints."""
    for row in _STATIC_ROWS.splitlines():
        yield row.split("|")


_STATIC_ROWS = """\
4b898955-84fa-4cfb-8f43-98287ad69c06|4gzp2symm0v9zidfrn9f854w6\
|ba1d75cc-d984-4f07-bb14-ae04b952afbc|cad371fb-6f2c-4537-a054-1a7afc6312fd\
|2016-05-27T00:00:00.000Z|Example Inc -- Service Division|000011112222|Eugene|Thietmar\
|555-947-8228|eugethi@example.org||||2016-05-12T03:54:46.143Z|CREATE
4b898955-84fa-4cfb-8f43-98287ad69c06|4gzp2symm0v9zidfrn9f854w6\
|1b4a2b5f-2c5d-4779-b0c7-2878b0f45cfc|cad371fb-6f2c-4537-a054-1a7afc6312fd\
|2016-05-19T00:00:00.000Z|Example Inc -- Service Division|000011112222|Angela|Doe\
|555-294-4528|adoe@example.com||US|02201|2016-05-19T18:21:06.834Z|CREATE
cade58ff-ff82-4770-b84b-0bd399bf1c6d|c0dcyyqczbk5uc62acmp6450t\
|6c83ff14-5167-43cc-bb9f-24865a78db72|c2f40319-8fc2-409a-884b-2f85adf9e29c\
|2015-12-01T00:00:00.000Z|Example Inc -- European Sales Division|111122223333|Ravi|Smith\
|555-111-1010|ravis@example.com|Head of IT|ES||2016-04-07T14:05:15.145Z|CREATE
4b898955-84fa-4cfb-8f43-98287ad69c06|4gzp2symm0v9zidfrn9f854w6\
|1b4a2b5f-2c5d-4779-b0c7-2878b0f45cfc|cad371fb-6f2c-4537-a054-1a7afc6312fd\
|2016-05-01T00:00:00.000Z||000011112222||||||||2016-04-22T14:36:24.054Z|DELETE
3f4300eb-bfa0-4610-8d68-d8ba71baaa50|3qtu9xydxldrj8c5jyldy1lqo\
|91c72621-6cf4-4d69-8ebe-073ff4f8ab9e|d118eb96-55ce-4752-909c-eedcfdcd6647\
|2015-11-30T00:00:00.000Z|Example Inc -- Design Division|333344445555|Nathan|Zhenyuan\
|555-2222-1010|nathanz@example.com|Sr. Program Manager|US|98109|2016-04-07T14:05:15.275Z|CREATE
3f4300eb-bfa0-4610-8d68-d8ba71baaa50|3qtu9xydxldrj8c5jyldy1lqo\
|2ae0be12-7397-4fdb-a1c7-ead17967002c|d118eb96-55ce-4752-909c-eedcfdcd6647\
|2016-05-01T00:00:00.000Z|Example Inc -- Design Division|333344445555|Abdul|Alves\
|555-676-8989|abdal@example.com||||2016-05-11T05:26:51.000Z|UPDATE
"""
