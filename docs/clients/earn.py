import json, os, urllib.request, uuid

def call(path, body=None, key=None):
    headers = {"Authorization": "Bearer " + os.environ["SOCLE_KEY"], "Content-Type": "application/json"}
    headers.update({"Idempotency-Key": key} if key else {})
    data = json.dumps(body).encode() if body else None
    url = os.environ["SOCLE_URL"] + "/v1/ledger/" + path
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=30) as answer:
        return json.load(answer)

order = f"order-{uuid.uuid4()}"
call("earn", {"customer": order, "purchase": order, "amount": 2933, "currency": "USD"}, order + "-paid")
call("burn", {"customer": order, "points": 20}, order + "-coffee")
call("refund", {"purchase": order, "amount": 500, "currency": "USD"}, order + "-back")
balance = call("balance?customer=" + order)
assert balance["available"] == balance["earned"] - balance["spent"], balance
print(order, "has", balance["available"], "points")
