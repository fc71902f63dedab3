#!/usr/bin/env bash
# One signed request to Billing, by curl and openssl; prints the answer.
#
#   PARTNERS=https://partners.example.com KEY_ID=icbc.2026a SECRET_FILE=secret.hex \
#     ./partner.sh GET /partner/v1/bills/1000000001
#     ./partner.sh PUT /partner/v1/payments/20261129/S1 '{"account":"1000000001","amount":{"fen":100}}'
#
# For trying and for support. It gives the secret to openssl on its command line, where others on the machine can see
# it: in production, sign in a program.
set -euo pipefail
method=$1 target=$2 body=${3-}
secret=$(tr -d '[:space:]' <"$SECRET_FILE")
covered='"@method" "@request-target"' digest=
if [ -n "$body" ]; then
  covered+=' "content-digest"'
  digest="sha-256=:$(printf %s "$body" | openssl dgst -sha256 -binary | openssl base64 -A):"
fi
parameters="($covered);created=$(date +%s);keyid=\"$KEY_ID\";nonce=\"$(openssl rand -hex 16)\";alg=\"hmac-sha256\""
# What is signed: a line for each thing that is covered, and the parameters; no line feed at the end.
text="\"@method\": $method"$'\n'"\"@request-target\": $target"$'\n'
[ -z "$digest" ] || text+="\"content-digest\": $digest"$'\n'
text+="\"@signature-params\": $parameters"
signature=$(printf %s "$text" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$secret" -binary | openssl base64 -A)
request=(-X "$method" "$PARTNERS$target" -H "Signature-Input: sig1=$parameters" -H "Signature: sig1=:$signature:")
[ -z "$digest" ] || request+=(-H "Content-Digest: $digest" -H 'Content-Type: application/json' --data-binary "$body")
curl -sS "${request[@]}"
