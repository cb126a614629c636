"""The columns of data sets that tell amounts by age: five spans of days, and all."""

from waag.analytics.columns import Column, amount


def age_columns(what: str, pending: str) -> tuple[Column, ...]:
    """The columns.

    Args:
        what: is told, such as Uncollected.
        pending: what follows the days, with a space in front; nothing for past due.
    """
    spans = {
        f"< 31 days{pending}": "up_to_30",
        f"31-60 days{pending}": "up_to_60",
        f"61-90 days{pending}": "up_to_90",
        f"91-120 days{pending}": "up_to_120",
        f"> 120 days{pending}": "above_120",
        "overall": "overall",
    }
    return tuple(Column(f"{what} ({span})", field, amount) for span, field in spans.items())
