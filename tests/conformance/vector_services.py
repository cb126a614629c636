"""The official protocol vectors, and a service generated from each one's own model.

Only reads the files and builds; what must hold is said in test_protocol_vectors.py.
"""

import importlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from botocore.model import OperationModel, ServiceModel
from msgspec import Struct

from waag.wire.protocols import WireProtocol
from waag.wire.protocols.aws_json import AWS_JSON_1_0, AWS_JSON_1_1
from waag.wire.protocols.rpc_v2_cbor import RPC_V2_CBOR
from waag.wire.shapes import Operation, Service

codegen = importlib.import_module("codegen")

PROTOCOLS: Mapping[str, WireProtocol] = {
    "json": AWS_JSON_1_1,
    "json_1_0": AWS_JSON_1_0,
    "smithy-rpc-v2-cbor": RPC_V2_CBOR,
}


class Vector(Struct, frozen=True):
    """One case of one file, with the service it is for."""

    file: str
    case: Mapping[str, Any]
    service: Service
    model: ServiceModel

    @property
    def id(self) -> str:
        """Unique among the vectors of one direction."""
        return f"{self.file}-{self.case['id']}"

    @property
    def protocol(self) -> WireProtocol:
        """The protocol the file is about."""
        return PROTOCOLS[self.file]

    @property
    def operation(self) -> Operation:
        """The one operation of the service."""
        return self.service.operations[self.case["given"]["name"]]

    @property
    def operation_model(self) -> OperationModel:
        """The same operation as botocore knows it."""
        return self.model.operation_model(self.operation.name)


def vectors(direction: Literal["input", "output"]) -> list[Vector]:
    """Every case of the three protocols.

    Raises:
        RuntimeError: the environment does not say where the vectors are.
    """
    root = os.environ.get("WAAG_VECTORS")
    if not root:
        raise RuntimeError("WAAG_VECTORS must name botocore's source distribution: use `make test`")
    folder = Path(root) / "tests" / "unit" / "protocols" / direction
    return [vector for file in PROTOCOLS for vector in _of_file(folder, file)]


def _of_file(folder: Path, file: str) -> Iterator[Vector]:
    suites = json.loads((folder / f"{file}.json").read_text(encoding="utf-8"))
    for number, suite in enumerate(suites):
        for case in suite["cases"]:
            model = {
                "metadata": suite["metadata"],
                "shapes": suite["shapes"],
                "operations": {case["given"]["name"]: case["given"]},
            }
            name = f"vectors_{folder.name}_{file}_{number}_{case['id']}"
            yield Vector(file, case, _service(model, name), ServiceModel(model))


def _service(model: Mapping[str, Any], name: str) -> Service:
    """The service that the generator makes of `model`, as if imported under `name`."""
    module = ModuleType(name)
    sys.modules[name] = module
    exec(codegen.generate(model), module.__dict__)  # noqa: S102  # our own generator's output
    return module.SERVICE
