"""The operator's calls about enrollments: sellers enrolled in data sets, and that checked."""

import asyncio
from concurrent.futures import Executor
from typing import Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.admin.reading import read_body
from waag.domain.analytics.enrollments import Enrollment, WantedEnrollment
from waag.services.enrollment import EnrollmentCommands


class EnrollmentBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who enrols, and by which names; what is left out has the usual one."""

    seller: str
    bucket: str | None = None
    topic: str | None = None
    role: str | None = None
    prefix: str | None = None


class EnrollmentAnswer(msgspec.Struct, frozen=True):
    """Where a seller has enrolled; the role's trust policy has to ask for `external_id`."""

    seller: str
    role: str
    external_id: str
    policy: str
    bucket: str
    prefix: str | None
    topic: str


class EnrolledAnswer(msgspec.Struct, frozen=True):
    """An enrolment: what was not there before, or what the seller has to run to have it there."""

    enrollment: EnrollmentAnswer
    made: tuple[str, ...]
    commands: tuple[str, ...]


class FindingAnswer(msgspec.Struct, frozen=True):
    """One permission; `why` says what is missing and how to fix it, or why nobody knows."""

    permission: str
    found: Literal["ok", "missing", "unknown"]
    why: str


class FindingsAnswer(msgspec.Struct, frozen=True):
    """Every permission that a delivery takes."""

    enrollment: EnrollmentAnswer
    findings: tuple[FindingAnswer, ...]


class EnrollmentCalls:
    """A part of the admin API.

    Args:
        commands: carried out there.
        threads: where it is waited for what AWS says.
    """

    def __init__(self, commands: EnrollmentCommands, threads: Executor) -> None:
        self._commands = commands
        self._threads = threads

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        one = "/enrollments/{id}"
        return (
            Call(
                "POST",
                "/enrollments",
                self.enroll,
                "Enrol a seller in data sets, as AWS's wizard does",
                body=EnrollmentBody,
                answer=EnrolledAnswer,
            ),
            Call(
                "GET",
                one,
                self.enrollment,
                "Where a seller's data sets may be delivered",
                answer=EnrollmentAnswer,
            ),
            Call(
                "GET",
                f"{one}/findings",
                self.check,
                "What a delivery may do there, and what it may not",
                answer=FindingsAnswer,
            ),
        )

    async def enroll(self, request: Request) -> EnrolledAnswer:
        """Enrol a seller in data sets, as AWS's wizard does."""
        body = await read_body(request, EnrollmentBody)
        wanted = msgspec.convert(body, WantedEnrollment, from_attributes=True)

        def enroll() -> EnrolledAnswer:
            enrolled = self._commands.enroll(wanted)
            shown = self._to_answer(enrolled.enrollment)
            return EnrolledAnswer(shown, tuple(enrolled.made), tuple(enrolled.commands))

        return await asyncio.get_running_loop().run_in_executor(self._threads, enroll)

    async def enrollment(self, request: Request) -> EnrollmentAnswer:
        """Where a seller's data sets may be delivered."""
        seller_id = request.path_params["id"]
        return self._to_answer(await run_in_threadpool(self._commands.enrollment, seller_id))

    async def check(self, request: Request) -> FindingsAnswer:
        """What a delivery may do there, and what it may not."""
        seller_id = request.path_params["id"]

        def check() -> FindingsAnswer:
            enrollment = self._commands.enrollment(seller_id)
            return FindingsAnswer(
                self._to_answer(enrollment),
                tuple(
                    FindingAnswer(each.permission, each.found.value, each.why)
                    for each in self._commands.check(seller_id)
                ),
            )

        # Beside whatever else waits for somebody's AWS.
        return await asyncio.get_running_loop().run_in_executor(self._threads, check)

    def _to_answer(self, enrollment: Enrollment) -> EnrollmentAnswer:
        return EnrollmentAnswer(
            enrollment.seller,
            enrollment.role,
            self._commands.external_id(enrollment),
            enrollment.policy_name,
            enrollment.bucket,
            enrollment.prefix,
            enrollment.topic,
        )
