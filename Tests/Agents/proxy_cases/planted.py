"""Secrets of clients, and the search for them in all that the proxy has written."""
from .peers import Fault

SECRETS = {
    "Authorization": "sk-planted-1a2b3c4d5e6f", "api-key": "planted-7a8b9c0d1e2f", "x-api-key": "planted-3a4b5c6d7e8f",
    "Cookie": "planted-9a0b1c2d3e4f", "Proxy-Authorization": "cGxhbnRlZC01YTZiN2M4ZDllMGY", "subprotocol": "ek_planted1a3b5c7d9e1f",
    "query": "planted-2b4d6f8a0c2e", "session": "ek_planted2b4d6f8a0c1e", "tool": "planted-4d6f8a0c2e4b", "fragment": "planted-6f8a0c2e4b6d",
}

FIELDS = [f"Authorization: Bearer {SECRETS['Authorization']}", f"api-key: {SECRETS['api-key']}", f"x-api-key: {SECRETS['x-api-key']}",
          f"Cookie: session={SECRETS['Cookie']}; a=b", f"Proxy-Authorization: Basic {SECRETS['Proxy-Authorization']}"]
PROTOCOLS = ["realtime", f"openai-insecure-api-key.{SECRETS['subprotocol']}"]
QUERY = f"?model=gpt-realtime&call_sid=CA1&token={SECRETS['query']}&{SECRETS['fragment']}"

def check_nothing_is_written(proxy, further=()):
    """Searches every byte that the proxy has written, its file of routes left out, which the user wrote."""
    for secret in [*SECRETS.values(), *further]:
        for name, data in proxy.files():
            place = data.find(secret.encode())
            if place >= 0: raise Fault(f"{name} has the secret `{secret}`: …{data[max(0, place - 200):place + 60].decode(errors='replace')}")
