"""A buyer's own agreements: shown, set up, amended, renewed, cancelled."""

from collections.abc import Mapping

from waag.console.contacts import COMMANDS as CONTACT_COMMANDS
from waag.console.contacts import FIELDS, ContactForms
from waag.console.forms import GRANT, read_end, read_entitlements, read_number
from waag.console.pages import LANDING, STOREFRONT, Answer, Asked, Handling, Page, SeeOther, path_to
from waag.console.refusals import FieldRefused, status_of
from waag.console.storefront import SHOWN_MAX, a_year_after
from waag.domain.agreement_terms import TermsRefused
from waag.domain.agreements import CommandRefused
from waag.domain.analytics.refusals import ContactInvalid
from waag.domain.market import Agreement, Market, OfferKind
from waag.domain.refusals import Refusal
from waag.domain.registration import RegistrationChoices
from waag.domain.token_damage import FIELD
from waag.ports import Clock, RegistrationTokens
from waag.ports.agreements import Agreements
from waag.services.agreements import AgreementCommands, list_agreements
from waag.services.storefront import Held, find_buyer, set_up_account, show_held

OFFER_FIELD = "x-amzn-marketplace-offer-type"
"""Posted for a free trial alone. Source: AWS Marketplace Seller Guide, SaaS free trials."""

_DONE: Mapping[str, str] = {
    "subscribed": "You are subscribed.",
    "amended": "The agreement grants from now on what is shown here.",
    "renewed": "The agreement is renewed.",
    "cancelled": "The agreement is cancelled.",
    "contact-added": "The contact is added.",
    "contact-edited": "The contact is changed.",
    "contact-removed": "The contact is deleted.",
}


class Subscriptions:
    """Its pages.

    Args:
        clock: tells how agreements stand.
        market: finds what has a name.
        agreements: lists a buyer's.
        commands: carried out there.
        choices: how long tokens are valid.
        tokens: makes them.
        contacts: of agreements.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        market: Market,
        agreements: Agreements,
        commands: AgreementCommands,
        choices: RegistrationChoices,
        tokens: RegistrationTokens,
        contacts: ContactForms,
    ) -> None:
        self._clock = clock
        self._market = market
        self._agreements = agreements
        self._commands = commands
        self._choices = choices
        self._tokens = tokens
        self._contacts = contacts

    def handlings(self) -> tuple[Handling, ...]:
        """Every page, and every form."""
        many = f"{STOREFRONT}/{{buyer}}/agreements"
        one = f"{many}/{{id:path}}"
        return (
            Handling("GET", many, self.list),
            Handling("GET", f"{one}/set-up", self.set_up),
            Handling("GET", one, self.agreement),
            Handling("POST", one, self.command),
        )

    def list(self, asked: Asked) -> Answer:
        """Every agreement of a buyer, past ones too."""
        buyer = find_buyer(asked.path["buyer"], self._market)
        now = self._clock.now()
        page = list_agreements(
            self._agreements,
            self._market,
            product=None,
            buyer=buyer.id,
            status=None,
            now=now,
            after=read_number(asked.query.get("after")),
            limit=SHOWN_MAX,
        )
        held = [
            show_held(each.agreement.id, self._market, buyer.id, now) for each in page.agreements
        ]
        return Page("agreements", {"buyer": buyer, "held": held, "next": page.next})

    def agreement(self, asked: Asked) -> Answer:
        """One agreement, with a form for each thing that can be done with it."""
        return self._agreement_page(asked, None)

    def set_up(self, asked: Asked) -> Answer:
        """The form that a browser posts to the seller's page, with a token of its own."""
        buyer = find_buyer(asked.path["buyer"], self._market)
        set_up = set_up_account(
            asked.path["id"],
            buyer.id,
            market=self._market,
            choices=self._choices,
            now=self._clock.now(),
            tokens=self._tokens,
        )
        fields = {FIELD: set_up.issued.token}
        if set_up.held.offer is OfferKind.FREE_TRIAL:
            fields[OFFER_FIELD] = OfferKind.FREE_TRIAL.value
        values = {
            "buyer": buyer,
            "set_up": set_up,
            "url": set_up.url or LANDING,
            "fields": fields,
        }
        return Page("set_up", values, posts_elsewhere=True)

    def command(self, asked: Asked) -> Answer:
        """Do with an agreement what the form says; shown again, with why, if that is refused."""
        held = self._held(asked)
        try:
            done, agreement = self._carry_out(held, asked)
        except (FieldRefused, TermsRefused, CommandRefused, ContactInvalid) as refusal:
            return self._agreement_page(asked, refusal)
        path = path_to(agreement.buyer_id, "agreements", agreement.id)
        return SeeOther(f"{path}?done={done}")

    def _carry_out(self, held: Held, asked: Asked) -> tuple[str, Agreement]:
        """What was done, by its name among `_DONE`, and with which agreement the buyer goes on."""
        agreement_id, command = held.agreement.id, asked.form.get("command", "")
        if command == "amend":
            granted = read_entitlements(asked.form, held.product)
            return "amended", self._commands.amend(agreement_id, granted)
        if command == "renew":
            ends = read_end(asked.form)
            if ends is None:
                raise FieldRefused("The new end is empty; expected a day such as 2027-01-31.")
            return "renewed", self._commands.renew(agreement_id, ends, None)
        if command == "cancel":
            return "cancelled", self._commands.cancel(agreement_id)
        if command in CONTACT_COMMANDS:
            return self._contacts.carry_out(agreement_id, asked.form), held.agreement
        raise FieldRefused(f"The command is {command!r}; expected amend, renew or cancel.")

    def _held(self, asked: Asked) -> Held:
        buyer = find_buyer(asked.path["buyer"], self._market)
        return show_held(asked.path["id"], self._market, buyer.id, self._clock.now())

    def _agreement_page(self, asked: Asked, refusal: Refusal | None) -> Page:
        held = self._held(asked)
        agreement = held.agreement
        granted = {each.dimension: _written(each.value) for each in agreement.entitlements}
        longer = "" if agreement.ends is None else a_year_after(agreement.ends)
        values = {
            "buyer": find_buyer(asked.path["buyer"], self._market),
            "held": held,
            "granted": granted,
            "can": {command.name.lower() for command in held.possible},
            "filled": asked.form or {GRANT + key: value for key, value in granted.items()},
            "longer": asked.form.get("ends", longer),
            "done": _DONE.get(asked.query.get("done", "")),
            "contacts": self._contacts.shown(agreement.id),
            "contact_fields": FIELDS,
            "filled_contact": asked.form if asked.form.get("command") in CONTACT_COMMANDS else {},
            "refusal": refusal,
        }
        return Page("agreement", values, 200 if refusal is None else status_of(refusal))


def _written(value: float | bool | str) -> str:  # noqa: FBT001 - a grant may be any of these
    """A grant's value as its field takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
