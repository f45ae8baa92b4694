"""Generates rules as EventBridge patterns, of all kinds that are useful for such sessions. Most are for other tenants' events."""

import json

from .vocabulary import PLAIN, Vocabulary


def write_rules(path, count, seed=7):
    """Writes `count` rules as a JSON array."""
    words = Vocabulary(seed)
    with open(path, "w", encoding="utf-8") as file:
        json.dump([rule(words, number) for number in range(count)], file)


def rule(words, number):
    """Returns a rule with random values. Numbers cycle through all kinds of rules, so even a few rules cover them."""
    random = words.random
    tenant = f"t{random.randrange(3000)}"
    kinds = [
        lambda: of("response.function_call_arguments.done", name=[f"tool_{random.randrange(5000):04d}"]),
        lambda: of(
            "conversation.item.added", "conversation.item.done",
            item={"type": ["function_call"], "name": [f"tool_{random.randrange(5000):04d}"]},
        ),
        lambda: of(
            "response.output_audio_transcript.delta", "response.function_call_arguments.delta",
            item_id=[{"prefix": words.identifier("item_", 3)}],
        ),
        lambda: of("response.done", response={"status": ["failed"], "metadata": {"tenant": [tenant]}}),
        lambda: of(
            "response.done", "response.created", response={"metadata": {"tenant": [tenant], "route": [random.choice("abc")]}}
        ),
        lambda: of(
            "conversation.item.input_audio_transcription.completed",
            transcript=[{"prefix": f"{random.choice(PLAIN)} {random.choice(PLAIN)} "}],
        ),
        lambda: of("error", error={"code": ["rate_limit_exceeded"], "message": [{"prefix": random.choice(PLAIN)}]}),
        lambda: of("response.function_call_arguments.done", name=[f"tool_{random.randrange(5000):04d}"]),
        lambda: of(
            "session.created", "session.updated",
            session={"id": [{"prefix": words.identifier("sess_", 2)}], "audio": {"output": {"voice": ["marin", "cedar"]}}},
        ),
        lambda: of(
            "conversation.item.done", item={"type": ["message"], "id": [{"prefix": words.identifier("item_", 2)}]}
        ),
    ]  # fmt: skip
    return kinds[number % len(kinds)]()


def of(*types, **fields):
    return {"type": list(types), **fields}
