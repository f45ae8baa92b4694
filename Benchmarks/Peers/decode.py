"""orjson on every line, and a look at three fields: `python3 decode.py CORPUS`. Prints what EventBenchmark prints."""

import json
import sys
import time

import orjson


def look(mapping, name, field):
    value = mapping.get(name)
    text = value.get(field) if type(value) is dict else None
    return len(text) if type(text) is str else 0


def decode(text):
    count = types = statuses = items = start = 0
    while start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        event = orjson.loads(text[start:end])
        count += 1
        types += len(event["type"])
        statuses += look(event, "response", "status")
        items += look(event, "item", "type")
        start = end + 1
    return count, {"type": types, "response.status": statuses, "item.type": items}


with open(sys.argv[1], "rb") as file:
    corpus = file.read()
count, found = decode(corpus)
times = []
while len(times) < 3 or sum(times) < 0.7:
    begin = time.process_time()
    decode(corpus)
    times.append(time.process_time() - begin)
times.sort()
about = f"orjson {orjson.__version__}"
print(json.dumps({"seconds": times[len(times) // 2], "bytes": len(corpus), "count": count, "found": found, "about": about}))
