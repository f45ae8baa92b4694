"""Random schemas and values with the verdict of Python's jsonschema, a JSON line each: agreement.py SEED COUNT"""

import json
import random
import sys

from jsonschema import Draft202012Validator

chance = random.Random(int(sys.argv[1]))

NAMES = ["a", "b", "c", "ab", "é"]
PATTERNS = ["^a", "b$", "a+b", "^[a-c]*$", "x", "^$", ".", "^(a|bc)+$", "[^a]"]
SCALARS = [None, True, False, 0, 1, 2, 3, -1, 1.0, 2.5, -0.5, 10, "", "a", "b", "ab", "aab", "é", "xyz", "bc"]


def value(depth=3):
    kind = chance.random()
    if depth == 0 or kind < 0.45:
        return chance.choice(SCALARS)
    if kind < 0.7:
        return [value(depth - 1) for _ in range(chance.randrange(4))]
    return {name: value(depth - 1) for name in chance.sample(NAMES, chance.randrange(4))}


def count():
    return chance.randrange(4)


def schemas(depth):
    return [schema(depth - 1) for _ in range(chance.randrange(1, 4))]


def named(depth, names):
    return {name: schema(depth - 1) for name in chance.sample(names, chance.randrange(1, 3))}


def names():
    return chance.sample(NAMES, chance.randrange(3))


TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
LEAVES = {
    "type": lambda: chance.choice(TYPES) if chance.random() < 0.6 else chance.sample(TYPES, chance.randrange(1, 5)),
    "enum": lambda: [value(1) for _ in range(chance.randrange(1, 6))],
    "const": lambda: value(1),
    "minimum": lambda: chance.choice([-1, 0, 0.5, 1, 2]),
    "maximum": lambda: chance.choice([-1, 0, 1, 2.5, 9]),
    "exclusiveMinimum": lambda: chance.choice([-1, 0, 1, 2]),
    "exclusiveMaximum": lambda: chance.choice([0, 1, 2.5, 3]),
    "multipleOf": lambda: chance.choice([1, 2, 0.5, 0.25]),
    "minLength": count,
    "maxLength": count,
    "pattern": lambda: chance.choice(PATTERNS),
    "minItems": count,
    "maxItems": count,
    "uniqueItems": lambda: chance.random() < 0.8,
    "minProperties": count,
    "maxProperties": count,
    "required": names,
    "dependentRequired": lambda: {name: names() for name in names()},
}
INNER = {
    "items": lambda depth: schema(depth - 1),
    "prefixItems": schemas,
    "contains": lambda depth: schema(depth - 1),
    "properties": lambda depth: named(depth, NAMES),
    "patternProperties": lambda depth: named(depth, PATTERNS),
    "additionalProperties": lambda depth: schema(depth - 1),
    "propertyNames": lambda depth: {"pattern": chance.choice(PATTERNS)},
    "dependentSchemas": lambda depth: named(depth, NAMES),
    "anyOf": schemas,
    "oneOf": schemas,
    "allOf": schemas,
    "not": lambda depth: schema(depth - 1),
    "if": lambda depth: schema(depth - 1),
    "then": lambda depth: schema(depth - 1),
    "else": lambda depth: schema(depth - 1),
    "$ref": lambda depth: chance.choice(["#/$defs/x", "#/$defs/y"]),
}


def schema(depth=3):
    if chance.random() < 0.05:
        return chance.random() < 0.7
    made = {}
    for _ in range(chance.randrange(1, 4)):
        if depth > 0 and chance.random() < 0.6:
            keyword = chance.choice(list(INNER))
            made[keyword] = INNER[keyword](depth)
        else:
            keyword = chance.choice(list(LEAVES))
            made[keyword] = LEAVES[keyword]()
    return made


def without_references(made):
    """Definitions refer to nothing, so that none leads back to itself."""
    if isinstance(made, dict):
        return {key: without_references(inner) for key, inner in made.items() if key != "$ref"}
    return [without_references(inner) for inner in made] if isinstance(made, list) else made


for _ in range(int(sys.argv[2])):
    made = schema()
    made = made if isinstance(made, dict) else {"not": made}
    made["$defs"] = {"x": without_references(schema(1)), "y": without_references(schema(2))}
    Draft202012Validator.check_schema(made)
    tried = value()
    verdict = Draft202012Validator(made).is_valid(tried)
    print(json.dumps({"schema": made, "value": tried, "valid": verdict}))
