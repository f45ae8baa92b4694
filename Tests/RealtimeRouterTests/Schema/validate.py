"""Validates documents against a JSON Schema, which has to be valid itself.

Standard input: {"schema": …, "documents": […]}, where a document that is a string is the text of a YAML file.
Standard output: for each document a list of [JSON path, message], empty where it is valid.

With arguments, SCHEMA FILE…: the same for files. Exits with 1 when there is a mistake.
"""

import json
import re
import sys
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator


class Loader(yaml.SafeLoader):
    """Plain scalars are what JSON would take them for, as in realtime-router; PyYAML's own are those of YAML 1.1."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|)$"), ["~", "n", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9][0-9]*)$"), list("-0123456789")
)
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$"),
    list("-0123456789"),
)


def request() -> dict:
    if len(sys.argv) == 1:
        return json.load(sys.stdin)
    schema, *documents = [Path(name).read_text() for name in sys.argv[1:]]
    return {"schema": json.loads(schema), "documents": documents}


def main(schema: object, documents: list) -> None:
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    answer = []
    for document in documents:
        value = yaml.load(document, Loader) if isinstance(document, str) else document
        answer.append(sorted([error.json_path, error.message[:200]] for error in validator.iter_errors(value)))
    json.dump(answer, sys.stdout)
    if len(sys.argv) > 1 and any(answer):
        sys.exit(1)


main(**request())
