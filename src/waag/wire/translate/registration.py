"""Registration: from the domain's values to the wire's structs."""

from waag.domain.registration import ResolvedCustomer
from waag.wire.generated import metering as wire


def to_wire_customer(customer: ResolvedCustomer) -> wire.ResolveCustomerResult:
    """The customer in the identifiers there are; no member stands for one that there is not."""
    return wire.ResolveCustomerResult(
        customer_identifier=customer.customer_identifier,
        product_code=customer.product_code,
        customer_aws_account_id=customer.customer_aws_account_id,
        license_arn=customer.license_arn,
        metadata=None
        if customer.agreement_id is None
        else wire.Metadata(agreement_id=customer.agreement_id),
    )
