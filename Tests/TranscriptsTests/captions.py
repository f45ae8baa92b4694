"""What others read in a file of captions: captions.py vtt|srt FILE

A line for each caption: start and end in ms, speaker, text with | for a line end.
"""

import html
import sys
from pathlib import Path

import srt
import webvtt


def milliseconds(time) -> int:
    return ((time.hours * 60 + time.minutes) * 60 + time.seconds) * 1000 + time.milliseconds


def cues(form: str, path: str):
    if form == "vtt":
        for caption in webvtt.read(path):
            yield milliseconds(caption.start_time), milliseconds(caption.end_time), caption.voice, caption.text
    else:
        for number, caption in enumerate(srt.parse(Path(path).read_text(), ignore_errors=False), 1):
            assert caption.index == number
            speaker, text = caption.content.split(": ", 1)
            times = [time.seconds * 1000 + time.microseconds // 1000 for time in (caption.start, caption.end)]
            yield *times, speaker, text


for start, end, speaker, text in cues(*sys.argv[1:]):
    text = html.unescape(text) if sys.argv[1] == "vtt" else text
    print(start, end, f"{speaker}: {text}".replace("\n", "|"))
