#!/usr/bin/env python3
"""A partner of Billing with nothing but Python's standard library: signs, repeats, and explains refusals.

    PARTNERS=https://partners.example.com KEY_ID=icbc.2026a SECRET_FILE=secret.hex \\
        ./partner.py GET /partner/v1/bills/1000000001
        ./partner.py PUT /partner/v1/payments/20261129/S1 '{"account":"1000000001","amount":{"fen":100}}'
"""
import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request

TRIES = 5
TIMEOUT = 30


class Refused(Exception):
    """Billing refused, and will refuse again: program against the code."""

    def __init__(self, status, code, detail):
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code = status, code


class Unknown(Exception):
    """No answer was heard. Ask for the payment later, repeat it under its serial, or reverse it; never pay under a
    new serial."""


def sign(method, target, body, key_id, secret):
    """The headers of a signature (RFC 9421, RFC 9530)."""
    covered, headers = '"@method" "@request-target"', {}
    text = f'"@method": {method}\n"@request-target": {target}\n'
    if body is not None:
        digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
        covered += ' "content-digest"'
        text += f'"content-digest": {digest}\n'
        headers = {"Content-Digest": digest, "Content-Type": "application/json"}
    parameters = (f'({covered});created={int(time.time())};keyid="{key_id}"'
                  f';nonce="{secrets.token_urlsafe(16)}";alg="hmac-sha256"')
    text += f'"@signature-params": {parameters}'
    signature = base64.b64encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()).decode()
    return {**headers, "Signature-Input": f"sig1={parameters}", "Signature": f"sig1=:{signature}:"}


def send(address, method, target, body, key_id, secret):
    """Sends a request until it is answered, signing it anew each time."""
    for attempt in range(TRIES):
        wait = 2 ** attempt / 5
        request = urllib.request.Request(address + target, data=body, method=method)
        for name, value in sign(method, target, body, key_id, secret).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 429:
                wait = float(error.headers.get("Retry-After", wait))
            elif error.code < 500:
                problem = json.load(error)
                raise Refused(error.code, problem.get("code"), problem.get("detail")) from None
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            pass
        time.sleep(wait)
    raise Unknown(f"{method} {target}: no answer in {TRIES} tries")


def main():
    method, target = sys.argv[1:3]
    body = sys.argv[3].encode() if len(sys.argv) > 3 else None
    with open(os.environ["SECRET_FILE"], encoding="ascii") as file:
        secret = bytes.fromhex(file.read().strip())
    try:
        status, answer = send(os.environ["PARTNERS"], method, target, body, os.environ["KEY_ID"], secret)
    except Refused as refused:
        sys.exit(str(refused))
    print(status, json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
