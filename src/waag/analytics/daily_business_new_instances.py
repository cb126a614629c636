"""Workloads that first reported themselves on a day: EC2 instances, ECS tasks, EKS pods.

One row per customer and product, by product code and customer. Waag knows no instance types.
"""

from waag.analytics.column_groups import CUSTOMER, PAYER, PRODUCT, SOLUTION, USER
from waag.analytics.columns import Column
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "daily_business_new_instances",
    columns=(
        *USER,
        *PRODUCT,
        Column("Type", None),
        Column("Count", "instances"),
        *CUSTOMER,
        *SOLUTION,
        *PAYER,
    ),
)
