"""X's OpenAPI file as a judge of requests and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator


class Specification:
    """The paths, parameters and bodies that X's OpenAPI file knows; whatever it does not name is a fault."""

    def __init__(self, file: Path) -> None:
        self._whole: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))

    def faults(self, method: str, path: str, query: Mapping[str, str], body: object) -> list[str]:
        """Everything in a request that the file does not allow."""
        operation, template = self._operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the specification"]
        parameters = {each["name"]: each for each in map(self._resolved, operation.get("parameters", []))}
        return [
            *self._faults_in_path(template, path, parameters),
            *self._faults_in_query(query, parameters),
            *self._faults_in_body(operation.get("requestBody"), body),
        ]

    def faults_in_answer(self, method: str, path: str, status: int, body: object) -> list[str]:
        """Everything in an answer that the file does not allow."""
        operation, _ = self._operation(method, path)
        schema = (operation or {})["responses"][str(status)]["content"]["application/json"]["schema"]
        return list(self._against(schema, body, "answer"))

    def _operation(self, method: str, path: str) -> tuple[dict[str, Any] | None, str]:
        found = [template for template in self._whole["paths"] if _pattern(template).fullmatch(path)]
        template = min(found, key=lambda each: each.count("{"), default="")  # /users/me is no /users/{id}
        return self._whole["paths"].get(template, {}).get(method.lower()), template

    def _resolved(self, parameter: dict[str, Any]) -> dict[str, Any]:
        named = parameter.get("$ref", "").rpartition("/")[2]
        return self._whole["components"]["parameters"][named] if named else parameter

    def _faults_in_path(self, template: str, path: str, parameters: Mapping[str, Any]) -> Iterator[str]:
        match = _pattern(template).fullmatch(path)
        for name, value in (match.groupdict() if match else {}).items():
            yield from self._against(parameters[name]["schema"], value, name)

    def _faults_in_query(self, query: Mapping[str, str], parameters: Mapping[str, Any]) -> Iterator[str]:
        known = {name: each for name, each in parameters.items() if each["in"] == "query"}
        for name, value in query.items():
            if name in known:
                yield from self._against(known[name]["schema"], _typed(value, known[name]["schema"]), name)
            else:
                yield f"The query parameter [{name}] is not one of [{','.join(known)}]"
        yield from (f"{name} is missing" for name, each in known.items() if each.get("required") and name not in query)

    def _faults_in_body(self, expected: Mapping[str, Any] | None, body: object) -> Iterator[str]:
        if expected is None:
            yield from ["there is a body where none belongs"] if body is not None else []
        else:
            yield from self._against(expected["content"]["application/json"]["schema"], body, "body")

    def _against(self, schema: Mapping[str, Any], value: object, where: str) -> Iterator[str]:
        # OpenAPI 3.0 stands on an early draft of JSON Schema; `nullable` is its own, and we send no null.
        whole = {"allOf": [schema], "components": self._whole["components"]}
        for error in Draft4Validator(whole).iter_errors(value):
            yield f"{where}{error.json_path.removeprefix('$')}: {error.message}"


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)))


def _typed(value: str, schema: Mapping[str, Any]) -> object:
    if schema.get("type") == "array":
        return value.split(",")
    return int(value) if schema.get("type") == "integer" and value.isascii() and value.isdigit() else value
