"""Random words, names and ids for generated sessions, from one seed."""

import random

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

PLAIN = """please could you tell me when my order will arrive it said tuesday but nothing came and the number on
the card is worn so I am not sure what to read would it help if I gave the street instead we moved in march and the
old one may still be there can somebody look at both thank you that is kind yes I can wait how long does it take this
sounds fine to me let us do that then is there anything else I need no that was all have a good day""".split()

# Text beyond ASCII, and text with characters that JSON escapes.
FOREIGN = ["café", "Zürich", "naïve", "São Paulo", "Привет", "東京", "안녕", "🙂", "…", "“quite”"]
AWKWARD = ['"exactly"', "first\nsecond", "a\\b", "left\tright"]

FUNCTIONS = [f"tool_{number:04d}" for number in range(200)]


class Vocabulary:
    """Draws words and ids. The same seed gives the same sequence."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def identifier(self, prefix, length=21):
        return prefix + "".join(self.random.choices(ALPHABET, k=length))

    def filler(self):
        return self.identifier("", self.random.randint(4, 12))

    def sentence(self, fewest, most):
        words = self.random.choices(PLAIN, k=self.random.randint(fewest, most))
        if self.random.random() < 0.15:
            words[self.random.randrange(len(words))] = self.random.choice(FOREIGN)
        if self.random.random() < 0.05:
            words[self.random.randrange(len(words))] = self.random.choice(AWKWARD)
        return " ".join(words)

    def function(self):
        """Returns a function's name. A few are frequent, and one in 500 is `get_weather`, which the shipped routes handle."""
        if self.random.random() < 0.002:
            return "get_weather"
        return FUNCTIONS[min(int(self.random.expovariate(1 / 40)), len(FUNCTIONS) - 1)]

    def chance(self, probability):
        return self.random.random() < probability
