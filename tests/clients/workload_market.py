"""Workloads of each platform and products for them, beside the demo market."""

from typing import NamedTuple

SCANNER = "9polderscanner0ami1image2"
HARBOR = "7polderharbor8container9x"
ABROAD = "8polderabroad0container9x"
SECRET = "workload-secret-access-key-000000000001"
TOKEN = "workload-session-token"


class Who(NamedTuple):
    """A principal of the buyer with the demo market's agreements, unless of another."""

    access_key_id: str
    name: str
    platform: str | None = "ecs"
    region: str | None = "us-east-1"
    policies: str = "[MarketplaceMeteredWorkload]"

    @property
    def credentials(self):
        """What it signs with."""
        return (self.access_key_id, SECRET, TOKEN)[: 2 if self is USER else 3]


INSTANCE_2 = Who("ASIAWAAGTESTWORK0001", "i-2", "ec2")
POD = Who("ASIAWAAGTESTWORK0002", "pod-1", "eks")
TASK = Who("ASIAWAAGTESTWORK0003", "task-1", "ecs")
AGENT = Who("ASIAWAAGTESTWORK0004", "agent-1", "agentcore")
FAR_TASK = Who("ASIAWAAGTESTWORK0005", "task-far", "ecs", "eu-west-1")
NOWHERE = Who("ASIAWAAGTESTWORK0006", "somebody", None, None)
DENIED = Who("ASIAWAAGTESTWORK0007", "denied", "ecs", policies="[]")
USER = Who("AKIAWAAGTESTWORK0008", "buyer-ci", "ec2")
STRANGER = Who("ASIAWAAGTESTWORK0009", "stranger", "ecs")
SESSIONS = (INSTANCE_2, POD, TASK, AGENT, FAR_TASK, NOWHERE, DENIED)

_SESSION = """
      - role: Workload
        session: {0.name}
        access_key_id: {0.access_key_id}
        secret_access_key: {1}
        session_token: {2}
        policies: {0.policies}{3}"""
_RUNS = """
        platform: {0.platform}
        region: {0.region}"""


def _session(who):
    runs = "" if who.platform is None else _RUNS.format(who)
    return _SESSION.format(who, SECRET, TOKEN, runs)


def market(scanner_ends="2026-12-31T00:00:00Z"):
    """A market file with these workloads, whose agreements to the scanner and harbor end then."""
    return f"""
accounts:
  - id: "210000000001"
    name: Molen Bank
    kind: buyer
    address: {{country: NL, city: Alkmaar, postal_code: "1811"}}
    email_domain: molen.example
    principals:
      - user: {USER.name}
        access_key_id: {USER.access_key_id}
        secret_access_key: {SECRET}
        policies: [MarketplaceMeteredWorkload]
        platform: ec2
        region: us-east-1{"".join(map(_session, SESSIONS))}
  - id: "210000000003"
    name: Stranger
    kind: buyer
    principals:{_session(STRANGER)}
products:
  - id: prod-polderabroad1
    code: {ABROAD}
    seller: "120000000001"
    title: Polder Abroad
    type: container
    integration: legacy
    regions: [ap-south-1]
    dimensions:
      - {{key: scans, type: ExternallyMetered, unit: Scans, price: "0.05"}}
      - {{key: seats, type: Entitled, unit: Users, price: "1"}}
agreements:
  - id: agmt-molenscanner00001
    product: prod-polderscanner
    buyer: "210000000001"
    starts: 2026-01-01T00:00:00Z
    ends: {scanner_ends}
  - id: agmt-molenharbor000001
    product: prod-polderharbor1
    buyer: "210000000001"
    starts: 2026-01-01T00:00:00Z
    ends: {scanner_ends}
  - id: agmt-molenabroad000001
    product: prod-polderabroad1
    buyer: "210000000001"
    starts: 2026-05-14T08:30:00Z
""".encode()


ENDED = market("2026-05-14T10:00:00Z")
"""The same once the agreements to the scanner and harbor have ended."""
