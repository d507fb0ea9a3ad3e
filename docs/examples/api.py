"""The API from Python, with the standard library alone: log in with a token, list settlements, read outcomes, page through, download a CSV.

Usage: WINST_URL=http://127.0.0.1:8080 WINST_TOKEN=... python3 docs/examples/api.py
"""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("WINST_URL", "http://127.0.0.1:8080")
TOKEN = os.environ["WINST_TOKEN"]


def ask(path, **query):
    """The bytes of an answer; asked again after as long as the service says, where it has too much to do."""
    given = {name: value for name, value in query.items() if value is not None}
    url = f"{URL}{path}?{urllib.parse.urlencode(given)}" if given else f"{URL}{path}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
    for _ in range(5):
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.read()
        except urllib.error.HTTPError as refused:
            problem = json.load(refused)
            if problem["status"] not in (429, 503):
                raise SystemExit(f"{problem['code']}: {problem['detail']}") from None
            time.sleep(float(refused.headers.get("Retry-After", "1")))
    raise SystemExit(f"{path}: the service does not keep up")


def get(path, **query):
    return json.loads(ask(path, **query))


def items(path, **query):
    """Every item of a list, page after page."""
    cursor = None
    while True:
        page = get(path, cursor=cursor, **query)
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return


def main():
    settlements = list(items("/v1/settlements", limit=2))
    for settlement in settlements:
        print(f"settlement {settlement['settlement_id'][:8]} {settlement['contract']} {settlement['as_of']} {settlement['state']}")
    # The first 8 digits of an id will do.
    latest = settlements[0]["settlement_id"][:8]
    for cell in items(f"/v1/settlements/{latest}/outcomes", by="measure"):
        figures = cell["figures"]
        gain = "too few people" if figures is None else figures["gain_mean"]
        print(f"outcome {cell['measure']} mean gain {gain}")
    print(f"programmes {sum(1 for _ in items('/v1/programmes', limit=3))}")
    # An analyst of the region downloads the rows of the latest delivery that were not taken.
    delivery = next(items("/v1/deliveries", limit=1))
    rejects = ask(f"/v1/deliveries/{delivery['delivery_id']}/rejects").decode("utf-8")
    print(f"rejects {len(rejects.splitlines())} lines, {rejects.splitlines()[0] if rejects else 'none'}")


if __name__ == "__main__":
    main()
